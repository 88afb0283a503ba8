import { vi } from "vitest";
import { Panel } from "./pages/jsonforms.jsx";
import { driver } from "./drivers/jsonforms.js";
import { fillIn } from "./fill.jsx";

vi.mock("@jsonforms/react", async (load) => (await import("./drivers/watched.jsx")).watched(await load()));

fillIn("jsonforms", Panel, driver);
