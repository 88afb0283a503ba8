import Box from "@mui/material/Box";
import InputAdornment from "@mui/material/InputAdornment";
import Search from "@mui/icons-material/Search";
import TextField from "@mui/material/TextField";
import Typography from "@mui/material/Typography";
import { useReactFlow } from "@xyflow/react";
import { type DragEvent, type KeyboardEvent, useState } from "react";
import type { Descriptor } from "@/api/documents";
import { KIND_MIME } from "@/canvas/drawn";
import KindIcon from "@/canvas/icons";
import { hueOf } from "@/canvas/kind_looks";
import { type CanvasNode, useCanvas } from "@/graph/canvas_store";
import { notify } from "@/graph/notices";
import { CARD, GAP, type Point, sizeOf } from "@/graph/places";
import { strings } from "@/strings";

const words = strings.canvas.palette;

/** Every kind of node by category, to be dragged, clicked or added by Enter. */
export default function Palette({ onAdded }: { onAdded?: () => void }) {
  const kinds = useCanvas((state) => state.kinds);
  const [sought, setSought] = useState("");
  const groups = grouped(matching(kinds, sought));
  const add = useAdd(onAdded);
  return (
    <Box
      component="nav"
      aria-label={words.title}
      className="palette"
      sx={{ height: "100%", overflowY: "auto", p: 1.5, display: "flex", flexDirection: "column", gap: 1.5 }}
    >
      <SearchField value={sought} onChange={setSought} />
      {groups.length === 0 && (
        <Typography variant="body2" color="text.secondary" role="status">
          {kinds.length > 0 && words.none}
        </Typography>
      )}
      {groups.map(([category, members]) => (
        <section key={category} aria-label={category}>
          <Typography variant="h3" component="h2" color="text.secondary" sx={{ mb: 0.75 }}>
            {category}
          </Typography>
          <Box component="ul" sx={{ listStyle: "none", m: 0, p: 0, display: "grid", gap: 0.75 }}>
            {members.map((kind) => (
              <li key={kind.type}>
                <Entry kind={kind} onAdd={() => add(kind)} />
              </li>
            ))}
          </Box>
        </section>
      ))}
      <Typography variant="caption" color="text.secondary" sx={{ mt: "auto" }}>
        {words.help}
      </Typography>
    </Box>
  );
}

function SearchField({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  return (
    <TextField
      value={value}
      onChange={(event) => onChange(event.target.value)}
      placeholder={words.search}
      slotProps={{
        htmlInput: { "aria-label": words.search, type: "search" },
        input: {
          startAdornment: (
            <InputAdornment position="start">
              <Search fontSize="small" />
            </InputAdornment>
          ),
        },
      }}
    />
  );
}

function Entry({ kind, onAdd }: { kind: Descriptor; onAdd: () => void }) {
  const drag = (event: DragEvent) => {
    event.dataTransfer.setData(KIND_MIME, kind.type);
    event.dataTransfer.effectAllowed = "move";
  };
  const press = (event: KeyboardEvent) => {
    if (event.key !== "Enter" && event.key !== " ") return;
    event.preventDefault();
    onAdd();
  };
  return (
    <div
      role="button"
      tabIndex={0}
      draggable
      data-testid={`palette-${kind.type}`}
      className={`palette-entry hue-${hueOf(kind)}`}
      title={kind.description}
      aria-label={words.add(kind.display_name)}
      onDragStart={drag}
      onClick={onAdd}
      onKeyDown={press}
    >
      <span className="card-icon">
        <KindIcon name={kind.icon} />
      </span>
      {kind.display_name}
    </div>
  );
}

function matching(kinds: Descriptor[], sought: string): Descriptor[] {
  const text = sought.trim().toLowerCase();
  return kinds.filter((kind) =>
    [kind.display_name, kind.description, ...kind.tags, ...kind.category].some((each) =>
      each.toLowerCase().includes(text),
    ),
  );
}

function grouped(kinds: Descriptor[]): [string, Descriptor[]][] {
  const groups = new Map<string, Descriptor[]>();
  for (const kind of kinds) {
    const category = kind.category[0] ?? "";
    groups.set(category, [...(groups.get(category) ?? []), kind]);
  }
  return [...groups];
}

/** Adds a node right of the selected one, else right of the last, and brings it into view. */
function useAdd(onAdded?: () => void): (kind: Descriptor) => void {
  const flow = useReactFlow();
  return (kind) => {
    const state = useCanvas.getState();
    const id = state.addNode(kind, beside(state.nodes) ?? flow.screenToFlowPosition(corner()));
    notify(words.added(kind.display_name), "info");
    onAdded?.();
    // After the card was drawn and measured.
    setTimeout(() => {
      if (!isVisible(id)) void flow.fitView({ padding: 0.15, maxZoom: 1, duration: 200 });
    }, 60);
  };
}

function beside(nodes: CanvasNode[]): Point | null {
  const last = nodes.findLast((node) => node.selected) ?? nodes.at(-1);
  return last ? { x: last.position.x + sizeOf(last).width + GAP * 1.75, y: last.position.y } : null;
}

function corner(): Point {
  const box = document.querySelector(".react-flow")?.getBoundingClientRect();
  return { x: (box?.left ?? 0) + GAP * 2, y: (box?.top ?? 0) + (box?.height ?? CARD.height * 4) / 3 };
}

function isVisible(id: string): boolean {
  const canvas = document.querySelector(".react-flow")?.getBoundingClientRect();
  const cards = [...document.querySelectorAll<HTMLElement>(".react-flow__node")];
  const card = cards.find((each) => each.dataset.id === id)?.getBoundingClientRect();
  if (!canvas || !card) return false;
  return (
    card.left >= canvas.left &&
    card.right <= canvas.right &&
    card.top >= canvas.top &&
    card.bottom <= canvas.bottom
  );
}
