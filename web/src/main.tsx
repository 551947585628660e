import { render } from "preact";
import { App } from "./app";
import { settings } from "./api";
import { keepKey } from "./key";
import { listen } from "./location";
import "leaflet/dist/leaflet.css";
import "./style.css";

keepKey();
listen();
settings().catch(() => undefined); // the first question to the API says what is wrong
render(<App />, document.getElementById("page")!);
