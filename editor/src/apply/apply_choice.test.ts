import { describe, expect, it } from "vitest";
import { attachesModel, isGone, lastPart, nodesOf, type PreviewRow, requestsOf } from "@/apply/apply_choice";
import recorded from "@/run/fixtures/preview.json";

const rows = recorded.rows as PreviewRow[];

function row(node: string, path: string, values: Partial<PreviewRow> = {}): PreviewRow {
  return {
    node_id: node,
    label: node,
    path,
    op: "set",
    before: 1,
    before_absent: false,
    after: 2,
    after_absent: false,
    changed: true,
    conflict: null,
    ...values,
  };
}

const params = "/data/config/params";

describe("isGone", () => {
  it.each([
    ["node_missing", true],
    ["changed", false],
    [null, false],
  ])("tells a node that was deleted from one that was changed: %s", (conflict, gone) => {
    const [node] = nodesOf([row("a", `${params}/C`, { conflict })]);
    expect(node && isGone(node)).toBe(gone);
  });
});

describe("nodesOf", () => {
  it("reads a recorded preview: two parameters and the tuned model", () => {
    const [node] = nodesOf(rows);
    expect(node?.parameters.map((item) => item.name)).toEqual(["C", "class_weight"]);
    expect(node?.model?.changed).toBe(true);
  });

  it("takes the type of a number together with its value", () => {
    const types = "/data/config/number_types/max_features";
    const [node] = nodesOf([
      row("a", `${params}/max_features`, { changed: false }),
      row("a", types, { conflict: "changed" }),
    ]);
    expect(node?.parameters).toHaveLength(1);
    expect(node?.parameters[0]).toMatchObject({ changed: true, conflict: "changed", after: 2 });
  });

  it("reads escaped names", () => {
    expect(lastPart("/data/config/params/a~1b~0c")).toBe("a/b~c");
  });
});

describe("requestsOf", () => {
  const nodes = nodesOf(rows);

  it("asks for everything where everything is taken, so that the model comes along", () => {
    expect(requestsOf(nodes, {}, null)).toEqual([{ targets: ["classifier"], overwrite: false }]);
    expect(attachesModel(nodes[0], {})).toBe(true);
  });

  it("names what is taken, and leaves the model out then", () => {
    const taken = { "classifier class_weight": false };
    expect(requestsOf(nodes, taken, 3)).toEqual([
      { trial: 3, params: ["C"], targets: ["classifier"], overwrite: false },
    ]);
    expect(attachesModel(nodes[0], taken)).toBe(false);
  });

  it("asks for nothing where nothing is taken or nothing would change", () => {
    const none = { "classifier C": false, "classifier class_weight": false };
    expect(requestsOf(nodes, none, null)).toEqual([]);
    expect(requestsOf(nodesOf([row("a", `${params}/C`, { changed: false })]), {}, null)).toEqual([]);
  });

  it("keeps an edited value unless it is given up, and overwrites only then", () => {
    const edited = nodesOf([row("a", `${params}/C`, { conflict: "changed" }), row("a", `${params}/tol`)]);
    expect(requestsOf(edited, {}, null)).toEqual([{ params: ["tol"], targets: ["a"], overwrite: false }]);
    expect(requestsOf(edited, { "a C": true }, null)).toEqual([{ targets: ["a"], overwrite: true }]);
  });

  it("makes one request for nodes of which the same is taken, and one for each other", () => {
    const each = ["a", "b", "c"].flatMap((node) => [row(node, `${params}/C`), row(node, `${params}/tol`)]);
    expect(requestsOf(nodesOf(each), { "c tol": false }, null)).toEqual([
      { targets: ["a", "b"], overwrite: false },
      { params: ["C"], targets: ["c"], overwrite: false },
    ]);
  });
});
