import Box from "@mui/material/Box";
import Tab from "@mui/material/Tab";
import Tabs from "@mui/material/Tabs";
import { lazy, Suspense, useState } from "react";
import type { Descriptor } from "@/api/documents";
import type { CanvasNode } from "@/graph/canvas_store";
import { ConfigureTab } from "@/panel/ConfigureTab";
import { EstimateLine } from "@/panel/EstimateLine";
import { useUnreadNumbers } from "@/panel/form/unread_numbers";
import { NodeHeader } from "@/panel/NodeHeader";
import { PanelContext, usePanel } from "@/panel/panel_facts";
import { PanelFrame } from "@/panel/PanelFrame";
import { useEstimate } from "@/panel/resolution";
import { useTuningFacts } from "@/panel/tuning_facts";
import { strings } from "@/strings";

const RunButton = lazy(() => import("@/run/RunButton"));
const RunTab = lazy(() => import("@/run/RunTab"));
const RunsTab = lazy(() => import("@/run/RunsTab"));

const TABS = ["configure", "run", "runs"] as const;
type TabName = (typeof TABS)[number];
const text = strings.panel.tabs;

interface Props {
  node: CanvasNode;
  kind: Descriptor;
}

/** The tuning node's panel: what to search, the run that goes on, and earlier runs. */
export function TuningPanel({ node, kind }: Props) {
  const [tab, setTab] = useState<TabName>("configure");
  const { facts, failure } = useTuningFacts(node, kind);
  const header = (
    <>
      <NodeHeader node={node} kind={kind} readonly={false} />
      <PanelTabs tab={tab} onTab={setTab} />
    </>
  );
  return (
    <PanelContext.Provider value={facts}>
      <PanelFrame
        header={header}
        footer={tab === "configure" && <RunFoot failed={failure !== null} onShowRun={() => setTab("run")} />}
      >
        <Box role="tabpanel" id={`panel-tab-${tab}-content`} aria-labelledby={`panel-tab-${tab}`}>
          {tab === "configure" && <ConfigureTab failure={failure} />}
          <Suspense>
            {tab === "run" && <RunTab nodeId={node.id} />}
            {tab === "runs" && <RunsTab nodeId={node.id} onShowRun={() => setTab("run")} />}
          </Suspense>
        </Box>
      </PanelFrame>
    </PanelContext.Provider>
  );
}

function PanelTabs({ tab, onTab }: { tab: TabName; onTab(tab: TabName): void }) {
  return (
    <Tabs
      value={tab}
      onChange={(_event, next: TabName) => onTab(next)}
      aria-label={text.label}
      variant="fullWidth"
      sx={{ mt: 1, mb: -1, minHeight: 36 }}
    >
      {TABS.map((name) => (
        <Tab
          key={name}
          value={name}
          label={text[name]}
          id={`panel-tab-${name}`}
          aria-controls={name === tab ? `panel-tab-${name}-content` : undefined}
          sx={{ minHeight: 36, py: 0.5 }}
        />
      ))}
    </Tabs>
  );
}

/** What a run would cost, and the button that starts it: always in view. */
function RunFoot({ failed, onShowRun }: { failed: boolean; onShowRun: () => void }) {
  const { nodeId, resolution } = usePanel();
  const estimate = useEstimate(nodeId);
  const unread = useUnreadNumbers();
  const found = resolution?.findings.filter(({ severity }) => severity !== "warning") ?? [];
  return (
    <>
      <EstimateLine estimate={estimate.data} current={estimate.current} failed={estimate.isError} />
      <Suspense>
        <RunButton
          nodeId={nodeId}
          runnable={resolution?.runnable === true && unread.length === 0}
          blocking={[...unread.map(strings.panel.notANumber), ...found.map(({ message }) => message)]}
          failed={failed}
          estimate={estimate.data}
          onShowRun={onShowRun}
        />
      </Suspense>
    </>
  );
}
