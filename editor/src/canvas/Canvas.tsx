import "@xyflow/react/dist/style.css";
import "@/canvas/canvas.css";
import { useColorScheme } from "@mui/material/styles";
import {
  Background,
  type Connection,
  Controls,
  type Edge,
  type FinalConnectionState,
  MiniMap,
  type NodeTypes,
  ReactFlow,
  useNodesInitialized,
  useReactFlow,
} from "@xyflow/react";
import { type DragEvent, type MouseEvent, useCallback, useEffect, useMemo } from "react";
import { kindOf } from "@/api/queries";
import CanvasDialogs from "@/canvas/CanvasDialogs";
import { drawnEdges, drawnNodes, KIND_MIME } from "@/canvas/drawn";
import EmptyState from "@/canvas/EmptyState";
import { hueOf } from "@/canvas/kind_looks";
import NodeCard from "@/canvas/NodeCard";
import { useRemarks } from "@/canvas/use_remarks";
import { useShortcuts } from "@/canvas/use_shortcuts";
import { openMenu } from "@/canvas/view_store";
import { type CanvasNode, selectedNodeId, useCanvas } from "@/graph/canvas_store";
import { refusal } from "@/graph/connection_rules";
import { notify } from "@/graph/notices";
import { sizeOf } from "@/graph/places";
import { strings } from "@/strings";

const words = strings.canvas;

/** The pipeline: cards and connections, to be dragged, connected, panned and zoomed. */
export default function Canvas() {
  const nodes = useCanvas((state) => state.nodes);
  const edges = useCanvas((state) => state.edges);
  const kinds = useCanvas((state) => state.kinds);
  const changeNodes = useCanvas((state) => state.changeNodes);
  const changeEdges = useCanvas((state) => state.changeEdges);
  const shownNodes = useMemo(() => drawnNodes(nodes, kinds), [nodes, kinds]);
  const shownEdges = useMemo(() => drawnEdges(edges, nodes, kinds), [edges, nodes, kinds]);
  const nodeTypes = useNodeTypes(nodes);
  const { mode, systemMode } = useColorScheme();
  const dropping = useDropping();
  useFitOnOpen();
  useChosenInView();
  useShortcuts();
  useRemarks();
  return (
    <div className="canvas" style={{ position: "absolute", inset: 0 }} {...dropping}>
      <ReactFlow<CanvasNode, Edge>
        aria-label={words.label}
        nodes={shownNodes}
        edges={shownEdges}
        nodeTypes={nodeTypes}
        onNodesChange={changeNodes}
        onEdgesChange={changeEdges}
        onConnect={connect}
        isValidConnection={isAllowed}
        onConnectEnd={explain}
        onClickConnectEnd={explain}
        onNodeContextMenu={openContextMenu}
        colorMode={(mode === "system" ? systemMode : mode) === "dark" ? "dark" : "light"}
        onlyRenderVisibleElements
        deleteKeyCode={DELETE_KEYS}
        multiSelectionKeyCode={MULTI_KEYS}
        connectionRadius={28}
        minZoom={0.15}
        maxZoom={2}
        fitViewOptions={FIT}
        ariaLabelConfig={LABELS}
      >
        <Background gap={20} size={1.2} />
        <Controls showInteractive={false} fitViewOptions={FIT} aria-label={words.label} />
        {nodes.length > 0 && (
          <MiniMap pannable zoomable ariaLabel={words.minimap} nodeColor={miniColour} nodeBorderRadius={12} />
        )}
      </ReactFlow>
      {nodes.length === 0 && <EmptyState />}
      <CanvasDialogs />
    </div>
  );
}

const LABELS = {
  "controls.zoomIn.ariaLabel": words.zoomIn,
  "controls.zoomOut.ariaLabel": words.zoomOut,
  "controls.fitView.ariaLabel": words.fit,
};
const DELETE_KEYS = ["Delete", "Backspace"];
const MULTI_KEYS = ["Shift", "Control", "Meta"];
/** Never larger than life: three nodes do not fill the window. */
const FIT = { padding: 0.1, maxZoom: 1, minZoom: 0.3 };

function isAllowed(connection: Connection | Edge): boolean {
  const state = useCanvas.getState();
  return refusal(connection, state, state.kinds) === null;
}

function connect(connection: Connection): void {
  useCanvas.getState().connect(connection);
}

/** Where a connection was dropped on a handle that does not take it, say why. */
function explain(_event: unknown, end: FinalConnectionState): void {
  if (end.isValid !== false || !end.fromHandle || !end.toHandle) return;
  const [from, to] =
    end.fromHandle.type === "source" ? [end.fromHandle, end.toHandle] : [end.toHandle, end.fromHandle];
  if (from.type === to.type) {
    notify(words.refusal.direction, "warning");
    return;
  }
  const state = useCanvas.getState();
  const ends = { source: from.nodeId, sourceHandle: from.id, target: to.nodeId, targetHandle: to.id };
  notify(refusal(ends, state, state.kinds) ?? words.refusal.direction, "warning");
}

function openContextMenu(event: MouseEvent, node: CanvasNode): void {
  event.preventDefault();
  openMenu(node.id, event.clientX, event.clientY);
}

function miniColour(node: CanvasNode): string {
  return `var(--hue-${hueOf(kindOf(useCanvas.getState().kinds, node.type))})`;
}

/** Every kind is drawn by the same card; kinds that nobody knows as well. */
function useNodeTypes(nodes: CanvasNode[]): NodeTypes {
  const types = [...new Set(nodes.map((node) => node.type ?? "default"))].sort().join("\n");
  return useMemo(() => Object.fromEntries(types.split("\n").map((type) => [type, NodeCard])), [types]);
}

/** Show all of a pipeline when it was opened; a new one that was saved stays where it is. */
function useFitOnOpen(): void {
  const flow = useReactFlow();
  const opened = useCanvas((state) => state.opened);
  const ready = useNodesInitialized();
  useEffect(() => {
    if (ready && opened > 0) void flow.fitView(FIT);
  }, [ready, opened, flow]);
}

/** The panel that opens beside the canvas must not cover the card that it is of. */
function useChosenInView(): void {
  const flow = useReactFlow();
  const chosen = useCanvas(selectedNodeId);
  useEffect(() => {
    const node = useCanvas.getState().nodes.find((each) => each.id === chosen);
    if (!node) return;
    // After the panel took its place.
    const timer = setTimeout(() => {
      const { x, y, zoom } = flow.getViewport();
      const width = document.querySelector(".react-flow")?.clientWidth ?? 0;
      const card = sizeOf(node).width * zoom;
      const hidden = node.position.x * zoom + x + card + EDGE - width;
      if (hidden > 0 && card + 2 * EDGE < width) {
        void flow.setViewport({ x: x - hidden, y, zoom }, { duration: 150 });
      }
    }, 80);
    return () => clearTimeout(timer);
  }, [chosen, flow]);
}

/** Pixels between a card and the edge of the canvas. */
const EDGE = 24;

/** A kind that is dragged from the palette becomes a node where it is dropped. */
function useDropping() {
  const { screenToFlowPosition } = useReactFlow();
  const onDragOver = useCallback((event: DragEvent) => {
    if (!event.dataTransfer.types.includes(KIND_MIME)) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = "move";
  }, []);
  const onDrop = useCallback(
    (event: DragEvent) => {
      const state = useCanvas.getState();
      const kind = kindOf(state.kinds, event.dataTransfer.getData(KIND_MIME));
      if (!kind) return;
      event.preventDefault();
      state.addNode(kind, screenToFlowPosition({ x: event.clientX, y: event.clientY }));
    },
    [screenToFlowPosition],
  );
  return { onDragOver, onDrop };
}
