import { Panel } from "./pages/rjsf_mui.jsx";
import { driver } from "./drivers/rjsf.js";
import { fillIn } from "./fill.jsx";

fillIn("rjsf_mui", Panel, driver);
