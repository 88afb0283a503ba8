import { Panel } from "./pages/rjsf_2020.jsx";
import { driver } from "./drivers/rjsf.js";
import { fillIn } from "./fill.jsx";

fillIn("rjsf_2020", Panel, driver);
