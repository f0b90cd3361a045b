import { Outlet } from "@tanstack/react-router";
import { lazy, Suspense } from "react";

const Toaster = lazy(() => import("../components/Toaster").then(({ Toaster: component }) => ({ default: component })));

export function Root() {
  return (
    <>
      <Outlet />
      <Suspense>
        <Toaster />
      </Suspense>
    </>
  );
}
