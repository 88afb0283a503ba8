import { Panel } from "./pages/rjsf_core.jsx";
import { driver } from "./drivers/rjsf.js";
import { fillIn } from "./fill.jsx";

fillIn("rjsf_core", Panel, driver);
