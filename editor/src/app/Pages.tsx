import { lazy } from "react";
import { Route, Switch } from "wouter";
import Broken from "@/app/Broken";
import { strings } from "@/strings";

const RunPage = lazy(() => import("@/run/RunPage"));
const EditorPage = lazy(() => import("@/app/EditorPage"));

/** Each page fails by itself: another address shows another page, not the failure of the one before. */
export default function Pages() {
  const canvas = (pipelineId: string | null) => (
    <Broken help={strings.app.brokenHelp} shown={pipelineId}>
      <EditorPage pipelineId={pipelineId} />
    </Broken>
  );
  return (
    <Switch>
      <Route path="/runs/:jobId">
        {({ jobId }) => (
          <Broken help={strings.app.brokenRunHelp} shown={jobId}>
            <RunPage jobId={jobId} key={jobId} />
          </Broken>
        )}
      </Route>
      <Route path="/pipelines/:id">{({ id }) => canvas(id)}</Route>
      <Route>{canvas(null)}</Route>
    </Switch>
  );
}
