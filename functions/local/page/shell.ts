import { html } from 'hono/html'

/** The page without its contents: what is there before the first news comes. */
export const shell = html`<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1, interactive-widget=resizes-content" />
    <meta name="color-scheme" content="light dark" />
    <meta name="theme-color" media="(prefers-color-scheme: light)" content="#f3f1ea" />
    <meta name="theme-color" media="(prefers-color-scheme: dark)" content="#0e1311" />
    <title>linebot · chat</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml" />
    <link rel="stylesheet" href="/chat.css" />
    <script type="module" src="/chat.js"></script>
  </head>
  <body data-view="chat">
    <a class="skip" href="#text">Skip to the message field</a>
    <header class="top">
      <h1 class="brand" id="brand">linebot</h1>
      <p class="link" id="link" role="status" data-state="wait">connecting</p>
    </header>
    <nav class="side" aria-label="Bots and chats">
      <section class="picker">
        <h2 id="bots-title">Bots</h2>
        <ul id="bots" aria-labelledby="bots-title"></ul>
      </section>
      <section class="picker">
        <h2 id="chats-title">Chats</h2>
        <ul id="chats" aria-labelledby="chats-title"></ul>
        <p class="adders">
          <button type="button" id="new-person">New person</button>
          <button type="button" id="new-group">New group</button>
        </p>
      </section>
    </nav>
    <main class="chat" aria-labelledby="chat-name">
      <header class="chat-head" id="chat-head"></header>
      <div class="log" id="log" role="log" aria-label="Messages" tabindex="0"></div>
      <div class="quick" id="quick" role="group" aria-label="Quick replies" hidden></div>
      <form class="composer" id="composer" autocomplete="off"></form>
    </main>
    <aside class="behind" aria-label="Behind the scenes">
      <div class="tabs" role="tablist" aria-label="Behind the scenes">
        <button type="button" role="tab" id="tab-live" aria-controls="live" aria-selected="true">Live</button>
        <button type="button" role="tab" id="tab-resources" aria-controls="resources" aria-selected="false" tabindex="-1">
          Resources
        </button>
      </div>
      <div class="panel" id="live" role="tabpanel" aria-labelledby="tab-live" tabindex="0"></div>
      <div class="panel" id="resources" role="tabpanel" aria-labelledby="tab-resources" tabindex="0" hidden></div>
    </aside>
    <nav class="views" aria-label="Views">
      <button type="button" data-view="chat" aria-current="true">Chat</button>
      <button type="button" data-view="live">Live</button>
      <button type="button" data-view="resources">Resources</button>
    </nav>
    <p class="toast" id="toast" role="alert" hidden></p>
    <noscript><p class="noscript">The chat needs JavaScript; npx linebot say BOT TEXT does not.</p></noscript>
  </body>
</html>`
