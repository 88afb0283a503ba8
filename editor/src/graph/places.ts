/** Where nodes lie: what overlaps, and where there is room. */
import type { CanvasNode } from "@/graph/document";

/** A point of the canvas. */
export interface Point {
  x: number;
  y: number;
}

/** Size of a card that was not drawn yet. */
export const CARD = { width: 210, height: 110 };
/** Room between cards. */
export const GAP = 40;

/** Width and height of a node. */
export function sizeOf(node: CanvasNode): { width: number; height: number } {
  return {
    width: node.measured?.width ?? node.width ?? CARD.width,
    height: node.measured?.height ?? node.height ?? CARD.height,
  };
}

/** The place nearest to *wanted*, below it or right of it, where a card covers no other. */
export function freePlace(nodes: CanvasNode[], wanted: Point): Point {
  const columns = 6;
  const rows = 40;
  const found: Point[] = [];
  for (let column = 0; column < columns; column += 1) {
    for (let row = 0; row < rows; row += 1) {
      const place = { x: wanted.x + column * (CARD.width + GAP), y: wanted.y + row * GAP };
      if (!nodes.some((node) => covers(node, place))) {
        found.push(place);
        break;
      }
    }
  }
  const distance = (place: Point) => Math.hypot(place.x - wanted.x, place.y - wanted.y);
  return found.sort((one, other) => distance(one) - distance(other))[0] ?? wanted;
}

function covers(node: CanvasNode, place: Point): boolean {
  const { width, height } = sizeOf(node);
  const margin = GAP / 2;
  return (
    place.x < node.position.x + width + margin &&
    node.position.x < place.x + CARD.width + margin &&
    place.y < node.position.y + height + margin &&
    node.position.y < place.y + CARD.height + margin
  );
}
