// React Router 7: titles come from an effect, some milliseconds after the push.
import { StrictMode, createElement as h, useEffect } from "react";
import { createRoot } from "react-dom/client";
import { createBrowserRouter, Link, Navigate, Outlet, redirect } from "react-router";
import { RouterProvider } from "react-router/dom";

function Titled({ title }) {
  useEffect(() => {
    document.title = title;
  });
  return h("h1", null, title);
}

function Layout() {
  const to = (path) => h(Link, { to: path, id: path.slice(1) || "home", key: path }, path);
  return h("main", null, ["/", "/about", "/list", "/moved", "/loaded"].map(to), h(Outlet));
}

const router = createBrowserRouter([
  {
    element: h(Layout),
    children: [
      { path: "/", element: h(Titled, { title: "Home" }) },
      { path: "/about", element: h(Titled, { title: "About" }) },
      // React's own way: the element is hoisted into the head
      { path: "/list", element: h("h1", null, h("title", null, "List")) },
      { path: "/moved", element: h(Navigate, { to: "/about", replace: true }) },
      { path: "/loaded", loader: () => redirect("/list") },
    ],
  },
]);

const strict = new URLSearchParams(location.search).has("strict");
const app = h(RouterProvider, { router });
createRoot(document.querySelector("#app")).render(strict ? h(StrictMode, null, app) : app);
