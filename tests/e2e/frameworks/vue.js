// Vue Router 4, with a title set after each navigation, and a redirect of its own at the entry.
import { createApp, h } from "vue";
import { createRouter, createWebHashHistory, createWebHistory, RouterLink, RouterView } from "vue-router";

const page = (title) => ({ render: () => h("h1", title) });
const hash = new URLSearchParams(location.search).has("hash");
const router = createRouter({
  history: hash ? createWebHashHistory() : createWebHistory(),
  routes: [
    { path: "/", component: page("Home"), meta: { title: "Home" } },
    { path: "/about", component: page("About"), meta: { title: "About" } },
    { path: "/in", redirect: "/about" },
  ],
});
router.afterEach(({ meta }) => {
  document.title = meta.title;
});

const App = {
  render: () => [
    h(RouterLink, { to: "/", id: "home" }, () => "/"),
    h(RouterLink, { to: "/about", id: "about" }, () => "/about"),
    h(RouterView),
  ],
};
createApp(App).use(router).mount("#app");
