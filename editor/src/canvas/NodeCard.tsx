import ErrorOutline from "@mui/icons-material/ErrorOutline";
import HistoryToggleOff from "@mui/icons-material/HistoryToggleOff";
import LockOutlined from "@mui/icons-material/LockOutlined";
import MoreVert from "@mui/icons-material/MoreVert";
import PlaylistAddCheck from "@mui/icons-material/PlaylistAddCheck";
import WarningAmber from "@mui/icons-material/WarningAmber";
import { type Edge, Handle, type NodeProps, Position } from "@xyflow/react";
import { lazy, memo, type ReactNode, Suspense } from "react";
import { ErrorBoundary } from "react-error-boundary";
import type { Descriptor } from "@/api/documents";
import { kindOf } from "@/api/queries";
import { configSummary } from "@/canvas/config_summary";
import KindIcon from "@/canvas/icons";
import { hueOf, portHue } from "@/canvas/kind_looks";
import { type ShownPort, shownPorts } from "@/canvas/ports";
import { openMenu, useView } from "@/canvas/view_store";
import { type CanvasNode, useCanvas } from "@/graph/canvas_store";
import { strings } from "@/strings";

const words = strings.canvas;
const NodeBadge = lazy(() => import("@/run/NodeBadge"));
const ValuesOrigin = lazy(() => import("@/apply/ValuesOrigin"));

/** One node: what it is, what it is set to, what is wrong with it, and its ports. */
function NodeCard({ id, type, data, selected }: NodeProps<CanvasNode>) {
  const kind = useCanvas((state) => kindOf(state.kinds, type));
  const name = data.label || kind?.display_name || id;
  const newer = kind !== undefined && (data.type_version ?? 1) > kind.type_version;
  const inputs = useCanvas((state) => portsOf(state.edges, id, kind, "inputs"));
  const outputs = useCanvas((state) => portsOf(state.edges, id, kind, "outputs"));
  const summary = kind === undefined || newer ? "" : configSummary(data.config, kind);
  return (
    <div className={`card hue-${hueOf(kind)}${selected ? " chosen" : ""}`}>
      <div className="card-head">
        <span className="card-icon">
          <KindIcon name={kind?.icon} />
        </span>
        <span className="card-name" title={name}>
          <span className="card-title">{name}</span>
          {kind === undefined ? (
            <small title={words.unknownHelp}>{words.unknownKind(type)}</small>
          ) : (
            kind.display_name !== name && <small>{kind.display_name}</small>
          )}
        </span>
        <button
          type="button"
          className="card-menu nodrag"
          aria-label={words.menuOf(name)}
          aria-haspopup="menu"
          onClick={(event) => {
            const box = event.currentTarget.getBoundingClientRect();
            openMenu(id, box.left, box.bottom);
          }}
        >
          <MoreVert fontSize="small" aria-hidden />
        </button>
      </div>
      {summary && (
        <div className="card-summary" title={summary}>
          {summary}
        </div>
      )}
      <Remarks id={id} newer={newer} />
      <Extra id={id} kind={kind} />
      <Ports inputs={inputs} outputs={outputs} />
    </div>
  );
}

/** Nodes that do not change are not drawn anew: 200 of them stay smooth. */
export default memo(NodeCard);

/** Ports depend on the connections only: the same list is given as long as these are the same. */
const samePorts = new WeakMap<Edge[], Map<string, ShownPort[]>>();

function portsOf(
  edges: Edge[],
  id: string,
  kind: Descriptor | undefined,
  side: "inputs" | "outputs",
): ShownPort[] {
  const held = samePorts.get(edges) ?? new Map<string, ShownPort[]>();
  samePorts.set(edges, held);
  const key = `${side} ${id} ${kind?.schema_hash ?? ""}`;
  const ports = held.get(key) ?? shownPorts(id, kind, edges, side);
  held.set(key, ports);
  return ports;
}

/** What is known of runs and applied values. If it cannot be shown, its card says so: the canvas stays. */
function Extra({ id, kind }: { id: string; kind: Descriptor | undefined }) {
  const pipelineId = useCanvas((state) => state.pipelineId);
  const failed = (
    <Chip look="error" icon={<ErrorOutline />} text={words.cardFailed} title={words.cardFailedHelp} />
  );
  return (
    <div className="card-extra">
      <ErrorBoundary fallback={failed} resetKeys={[pipelineId]}>
        <Suspense fallback={null}>
          {kind?.capabilities.run === true && <NodeBadge nodeId={id} />}
          {takesParams(kind) && <ValuesOrigin nodeId={id} />}
        </Suspense>
      </ErrorBoundary>
    </div>
  );
}

function takesParams(kind: Descriptor | undefined): boolean {
  return kind?.inputs.some((port) => port.type === "params") === true;
}

function Remarks({ id, newer }: { id: string; newer: boolean }) {
  const remarks = useView((state) => state.remarks[id]);
  const stale = useCanvas((state) => state.stale[id] === true);
  const { errors = 0, warnings = 0, todos = 0, messages = [] } = remarks ?? {};
  if (!newer && !stale && errors + warnings + todos === 0) return null;
  const said = messages.join("\n");
  return (
    <div className="card-remarks">
      {newer && <Chip look="quiet" icon={<LockOutlined />} text={words.newer} title={words.newerHelp} />}
      {errors > 0 && <Chip look="error" icon={<ErrorOutline />} text={words.problems(errors)} title={said} />}
      {todos > 0 && <Chip look="quiet" icon={<PlaylistAddCheck />} text={words.todos(todos)} title={said} />}
      {warnings > 0 && errors === 0 && (
        <Chip look="warning" icon={<WarningAmber />} text={words.warnings(warnings)} title={said} />
      )}
      {stale && (
        <Chip look="warning" icon={<HistoryToggleOff />} text={words.stale} title={words.staleHelp} />
      )}
    </div>
  );
}

function Chip({ look, icon, text, title }: { look: string; icon: ReactNode; text: string; title: string }) {
  return (
    <span className={`chip chip-${look}`} title={title}>
      {icon}
      {text}
    </span>
  );
}

function Ports({ inputs, outputs }: { inputs: ShownPort[]; outputs: ShownPort[] }) {
  if (inputs.length + outputs.length === 0) return null;
  return (
    <div className="card-ports">
      <ul>
        {inputs.map((port) => (
          <li key={port.id} title={port.title}>
            <Handle
              type="target"
              id={port.id || null}
              position={Position.Left}
              className={`port port-${portHue(port.type)}`}
            />
            {port.label}
          </li>
        ))}
      </ul>
      <ul>
        {outputs.map((port) => (
          <li key={port.id} title={port.title}>
            {port.label}
            <Handle
              type="source"
              id={port.id || null}
              position={Position.Right}
              className={`port port-${portHue(port.type)}`}
            />
          </li>
        ))}
      </ul>
    </div>
  );
}
