import Box from "@mui/material/Box";
import { lazy, Suspense } from "react";
import { Route, Switch } from "wouter";
import { useSession } from "@/api/session";
import Broken from "@/app/Broken";
import Loading from "@/app/Loading";
import NoticeBar from "@/app/NoticeBar";
import TopBar from "@/app/TopBar";
import { useGuards } from "@/app/use_guards";

const AppDialogs = lazy(() => import("@/app/AppDialogs"));
const SignInDialog = lazy(() => import("@/app/SignInDialog"));
const RunPage = lazy(() => import("@/run/RunPage"));
const EditorPage = lazy(() => import("@/app/EditorPage"));

/** The bar on top, and below it the canvas or the page of one run. */
export default function Shell() {
  useGuards();
  const isAsked = useSession((state) => state.isAsked);
  return (
    <Box sx={{ display: "flex", flexDirection: "column", height: "100%" }}>
      <TopBar />
      <Box component="main" sx={{ flex: 1, minHeight: 0, position: "relative" }}>
        <Broken>
          <Suspense fallback={<Loading />}>
            <Switch>
              <Route path="/runs/:jobId">{({ jobId }) => <RunPage jobId={jobId} key={jobId} />}</Route>
              <Route path="/pipelines/:id">{({ id }) => <EditorPage pipelineId={id} />}</Route>
              <Route>
                <EditorPage pipelineId={null} />
              </Route>
            </Switch>
          </Suspense>
        </Broken>
      </Box>
      <Suspense fallback={null}>
        <AppDialogs />
        {isAsked && <SignInDialog />}
      </Suspense>
      <NoticeBar />
    </Box>
  );
}
