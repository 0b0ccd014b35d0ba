// The page: sign in, chat, sign out.

import { Api } from "./api.js";
import { Cognito } from "./cognito.js";
import { load } from "./config.js";
import { Federated, pageAddress } from "./federated.js";
import { Session } from "./session.js";
import { sentence } from "./sign_in.js";
import { DailyUsage } from "./usage.js";
import { ChatView } from "./views/chat_view.js";
import { DocumentsView } from "./views/documents_view.js";
import { element, show } from "./views/dom.js";
import { PlaygroundView } from "./views/playground_view.js";
import { SignInView } from "./views/sign_in_view.js";

const main = document.getElementById("main");
const account = document.getElementById("account");
const live = document.getElementById("live");
const foot = document.getElementById("foot");

/** @param {string} text For people who hear the page. */
function say(text) {
  live.textContent = "";
  // A text that is set anew within the same moment is not read again.
  setTimeout(() => {
    live.textContent = text;
  }, 50);
}

async function start() {
  const config = await load(new URL("config.json", document.baseURI));
  document.title = config.name;
  document.getElementById("name").textContent = config.name;
  const cognito = new Cognito(config);
  const federated = config.federation
    ? new Federated(config.federation, pageAddress(document.baseURI), sessionStorage)
    : null;
  const session = new Session(cognito, sessionStorage);
  const begin = (notice = "") => signIn(config, cognito, federated, session, begin, notice);
  if (federated) {
    const theirs = new Session(federated, sessionStorage, Date.now, "federated-session");
    try {
      if (await comeBack(federated, theirs)) return chat(config, theirs, begin);
    } catch (error) {
      return begin(sentence(error));
    }
  }
  if (await session.resume()) chat(config, session, begin);
  else begin();
}

/** Take up a sign-in at another directory, just made or from before a reload. @returns {Promise<boolean>} */
async function comeBack(federated, session) {
  const search = location.search;
  // A code is no address: it must neither be seen nor be sent again.
  if (search) history.replaceState(null, "", location.pathname);
  const done = await federated.finish(search);
  if (done === null) return session.resume();
  session.begin(done.username, done.tokens);
  say("You are signed in.");
  return true;
}

function signIn(config, cognito, federated, session, begin, notice) {
  show(account);
  foot.textContent = "";
  new SignInView(main, cognito, config.name, (done) => {
    session.begin(done.username, done.tokens);
    say("You are signed in.");
    chat(config, session, begin);
  }, federated).show(notice);
}

function chat(config, session, begin) {
  const out = async () => {
    try {
      await session.end();
    } finally {
      begin();
    }
  };
  show(
    account,
    element("span", { class: "user" }, session.username),
    element("button", { type: "button", class: "quiet", onclick: out }, "Sign out"),
  );
  const api = new Api(config.apiUrl, () => session.token());
  const documents = config.features?.includes("documents") ? new DocumentsView(api, say) : null;
  const view = new ChatView(api, new DailyUsage(config.tokensPerDay), say, documents);
  show(main, view.root);
  if (config.features?.includes("playground")) offerPlayground(view, new PlaygroundView(api, say));
  view.begin();
  documents?.begin();
  api.model().then((model) => {
    foot.textContent = `Answers are written by ${model}. They can be wrong: open the sources.`;
  }, () => {
    foot.textContent = "Answers can be wrong: open the sources.";
  });
}

/** Two buttons before the name of the user, to go from the chat to the playground and back. */
function offerPlayground(chatView, playground) {
  const turn = (button, view) => {
    for (const one of nav.children) one.removeAttribute("aria-current");
    button.setAttribute("aria-current", "page");
    show(main, view.root);
  };
  const button = (name, view) =>
    element("button", { type: "button", class: "quiet", onclick: (event) => turn(event.currentTarget, view) }, name);
  const nav = element("nav", { class: "views", "aria-label": "Views" }, button("Chat", chatView), button("Playground", playground));
  nav.firstElementChild?.setAttribute("aria-current", "page");
  account.prepend(nav);
  playground.begin();
}

start().catch((error) => {
  show(main, element("p", { class: "card alert", role: "alert" }, String(error.message ?? error)));
});
