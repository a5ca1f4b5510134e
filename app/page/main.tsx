/// <reference lib="dom" />
import { render } from "preact";
import { Page } from "./components/page.tsx";

render(<Page />, document.body);
