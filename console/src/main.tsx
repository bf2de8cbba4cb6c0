// Where the console starts.

import { render } from "preact";
import { followLinks } from "./router.ts";
import { Shell } from "./shell.tsx";
import "./styles/base.css";
import "./styles/forms.css";
import "./styles/story.css";
import "./styles/workflows.css";

followLinks();
const root = document.getElementById("app");
if (root !== null) render(<Shell />, root);
