/** Every English text of the editor; texts with values are functions. Each folder has its own part. */
const app = {
  product: "Tune hyperparameters",
  untitled: "Untitled pipeline",
  pipelineName: "Name of the pipeline",
  save: "Save",
  saved: "Saved",
  saving: "Saving…",
  unsaved: "Unsaved changes",
  notStored: "Not saved yet",
  undo: "Undo",
  redo: "Redo",
  arrange: "Arrange nodes",
  menu: "Pipeline menu",
  newPipeline: "New pipeline",
  open: "Open…",
  duplicate: "Duplicate",
  import: "Import from a file…",
  export: "Export to a file",
  remove: "Delete…",
  examples: "Examples",
  docs: "Description of the API",
  shortcuts: "Keyboard shortcuts",
  close: "Close",
  cancel: "Cancel",
  scheme: {
    button: "Colour scheme",
    system: "As the system",
    light: "Light",
    dark: "Dark",
  },
  merged: "Somebody else saved this pipeline. Nothing contradicted your changes, so both are kept.",
  copyOf: (name: string) => `${name} (copy)`,
  imported: (name: string) => `Imported “${name}”.`,
  deleted: (name: string) => `Deleted “${name}”.`,
  resized: "Width of the panel",
  panel: "Node settings",
  closePanel: "Close the panel",
  loading: "Loading…",
  openFailed: "This pipeline cannot be opened",
  tryAgain: "Try again",
  nodesFailed: "The kinds of node cannot be loaded",
  broken: "This part of the page has failed",
  brokenHelp: "What is on the canvas is kept. Save it, then load the page anew.",
  reload: "Load the page anew",
  several: (count: number) => `${count} nodes selected`,
  pipelines: {
    title: "Pipelines",
    search: "Search by name",
    none: "There is no pipeline yet. Start with an example, or drag a node onto the canvas.",
    noMatch: "No pipeline has this in its name.",
    changed: (when: string) => `Changed ${when}`,
    openOne: (name: string) => `Open ${name}`,
    deleteOne: (name: string) => `Delete ${name}`,
    current: "Open now",
  },
  confirmDelete: {
    title: (name: string) => `Delete “${name}”?`,
    text: "The pipeline and its earlier versions are removed. Runs that have ended stay.",
    yes: "Delete",
  },
  leave: {
    title: "Save your changes first?",
    text: (name: string) => `“${name}” has changes that are not saved.`,
    save: "Save",
    discard: "Discard changes",
    stay: "Stay here",
  },
  conflict: {
    title: "Somebody else changed the same values",
    text: "Everything that only one of you changed is kept. Choose for each value below.",
    mine: "Keep mine",
    theirs: "Take theirs",
    allMine: "Keep all of mine",
    allTheirs: "Take all of theirs",
    was: (value: string) => `before: ${value}`,
    node: "The node",
    deleted: "deleted",
    kept: "changed",
    absent: "not set",
    done: "Merge",
    doneAndSave: "Merge and save",
    of: (node: string, value: string) => `${node}: ${value}`,
  },
  migrated: {
    title:
      "This pipeline is from an earlier version and was brought up to date. Nothing is stored until you save.",
    node: (name: string) => `${name}: `,
    unknown: "kept as it is; there is no such kind of node here.",
    updated: (from: number, to: number) => `version ${from} to ${to}.`,
  },
  shortcutList: [
    ["Ctrl+S", "Save"],
    ["Ctrl+Z", "Undo"],
    ["Ctrl+Shift+Z", "Redo"],
    ["Ctrl+C, Ctrl+V", "Copy and paste nodes"],
    ["Ctrl+D", "Duplicate the selected nodes"],
    ["Ctrl+A", "Select all nodes"],
    ["Delete", "Delete what is selected"],
    ["Tab, Enter", "Go to a node and select it"],
    ["Arrow keys", "Move the selected nodes"],
    ["Shift+F10", "Menu of a node: connect, rename, duplicate, delete"],
    ["Escape", "Select nothing"],
    ["Ctrl+Enter", "Run the selected tuning node"],
    ["?", "This list"],
  ] as [string, string][],
};

const canvas = {
  palette: {
    title: "Nodes",
    search: "Search nodes",
    none: "No kind of node has this in its name.",
    help: "Drag a node onto the canvas, or press Enter to add it.",
    add: (name: string) => `Add ${name}`,
    open: "Add a node",
    added: (name: string) => `${name} was added.`,
  },
  label: "Pipeline canvas",
  zoomIn: "Zoom in",
  zoomOut: "Zoom out",
  fit: "Show everything",
  minimap: "Overview of the canvas",
  node: (name: string, kind: string) => (name === kind ? name : `${name}, ${kind}`),
  menuOf: (name: string) => `Menu of ${name}`,
  unknownKind: (type: string) => `Unknown kind “${type}”`,
  unknownHelp: "No package here knows this kind of node. It is kept as it is and cannot be run.",
  newer: "Newer version: read-only",
  newerHelp:
    "Saved by a later release. It can be moved, connected and deleted; its settings stay as they are.",
  stale: "Out of date",
  staleHelp: "The data, the settings or the steps before have changed since this result was found.",
  problems: (count: number) => (count === 1 ? "1 problem" : `${count} problems`),
  todos: (count: number) => (count === 1 ? "1 step left" : `${count} steps left`),
  warnings: (count: number) => (count === 1 ? "1 note" : `${count} notes`),
  defaults: "Default settings",
  menu: {
    rename: "Rename…",
    connect: "Connect…",
    copy: "Copy",
    duplicate: "Duplicate",
    remove: "Delete",
  },
  rename: { title: "Rename the node", label: "Name", done: "Rename" },
  connect: {
    title: (name: string) => `Connect “${name}”`,
    from: "From output",
    to: "To input",
    none: "This node has no outputs. Start at the node that gives the data.",
    noTargets: "There is no other node to connect to.",
    done: "Connect",
    present: "Connections of this node",
    noPresent: "Not connected yet.",
    between: (from: string, output: string, to: string, input: string) =>
      `${from} (${output}) to ${to} (${input})`,
    cut: (what: string) => `Remove the connection ${what}`,
    made: (from: string, to: string) => `Connected ${from} to ${to}.`,
  },
  refusal: {
    gone: "One of the nodes is not on the canvas any more.",
    itself: "A node cannot be connected to itself.",
    there: "These two are connected already.",
    type: (output: string, from: string, gives: string, input: string, to: string, takes: string) =>
      `“${output}” of ${from} gives ${portWords(gives)}, but “${input}” of ${to} takes ${portWords(takes)}.`,
    circle: "This would make a circle: data flows in one direction only.",
    full: (input: string, node: string, most: number) =>
      `“${input}” of ${node} takes ${most === 1 ? "one connection" : `${most} connections`}: remove the other first.`,
    testRows: (node: string) =>
      `These are the rows kept for the last test: ${node} must not see them. Use the “train” output.`,
    direction: "Connect an output (right side) to an input (left side).",
  },
  empty: {
    title: "Find the best settings of a model",
    steps: [
      [
        "Build",
        "Drag a dataset, the tuning node and a model onto the canvas, and connect them from left to right.",
      ],
      ["Run", "Select the tuning node and press Run. Its settings work as they are; change what you like."],
      ["Apply", "Watch the scores come in, then put the best settings onto the model with one click."],
    ] as [string, string][],
    examples: "Or start with an example",
    examplesFailed: "The examples cannot be loaded.",
  },
  imports: {
    notJson: (reason: string) => `This file is not JSON: ${reason}`,
    tooLarge: "This file is larger than 8 MB, the most a pipeline may have.",
    notObject: "This file is no pipeline: it must be a JSON object with “nodes” and “edges”.",
    noNodes: "This file is no pipeline: “nodes” must be a list.",
    node: (index: number) =>
      `Node ${index + 1} of this file is no node: it needs a text “id” and a text “type”.`,
    twice: (id: string) => `Two nodes of this file have the id “${id}”.`,
    noEdges: "“edges” of this file must be a list.",
    edge: (index: number) => `Edge ${index + 1} of this file needs a “source” and a “target”.`,
    end: (index: number, id: string) =>
      `Edge ${index + 1} of this file names the node “${id}”, which is not in it.`,
  },
  copied: (count: number) => (count === 1 ? "1 node copied." : `${count} nodes copied.`),
  pasted: (count: number) => (count === 1 ? "1 node pasted." : `${count} nodes pasted.`),
  removed: (count: number) => (count === 1 ? "1 node deleted." : `${count} nodes deleted.`),
  nothingToUndo: "There is nothing to undo.",
  nothingToRedo: "There is nothing to redo.",
};

const panel = {};

const run = {};

const apply = {};

/** What a type of port is called in a sentence. */
function portWords(type: string): string {
  const words: Record<string, string> = {
    table: "a table",
    params: "parameters",
    "model.trained": "a trained model",
    model: "a model",
    report: "a report",
  };
  return words[type] ?? `“${type}”`;
}

/** All texts. */
export const strings = { app, canvas, panel, run, apply };
