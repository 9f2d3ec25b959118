// SPDX-License-Identifier: Apache-2.0
import { mount } from "svelte";

import App from "./App.svelte";
import "./design/theme.css";
import { setPageMargins } from "./report/page_margins";
import { connectToServer } from "./server/connection";
import { SessionModel } from "./session/session_model.svelte";

const session = new SessionModel();
const server = connectToServer(location.origin, () => session.expired());
session.begin(server.account);
setPageMargins("");

const target = document.getElementById("app");
if (!target) throw new Error("index.html has no #app");
mount(App, { target, props: { server, session } });
