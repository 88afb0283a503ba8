import { Panel } from "./pages/jsonforms.jsx";
import { driver } from "./drivers/jsonforms.js";
import { fillIn } from "./fill.jsx";

fillIn("jsonforms", Panel, driver);
