import Box from "@mui/material/Box";
import { lazy, Suspense } from "react";
import { useSession } from "@/api/session";
import Loading from "@/app/Loading";
import NoticeBar from "@/app/NoticeBar";
import Pages from "@/app/Pages";
import TopBar from "@/app/TopBar";
import { useGuards } from "@/app/use_guards";

const AppDialogs = lazy(() => import("@/app/AppDialogs"));
const SignInDialog = lazy(() => import("@/app/SignInDialog"));

/** The bar on top, and below it the canvas or the page of one run. */
export default function Shell() {
  useGuards();
  const isAsked = useSession((state) => state.isAsked);
  return (
    <Box sx={{ display: "flex", flexDirection: "column", height: "100%" }}>
      <TopBar />
      <Box component="main" sx={{ flex: 1, minHeight: 0, position: "relative" }}>
        <Suspense fallback={<Loading />}>
          <Pages />
        </Suspense>
      </Box>
      <Suspense fallback={null}>
        <AppDialogs />
        {isAsked && <SignInDialog />}
      </Suspense>
      <NoticeBar />
    </Box>
  );
}
