import { create } from "zustand";

interface RunChoice {
  /** The run that is shown of each node; a node without one shows its newest. */
  chosen: Record<string, string>;
  choose: (nodeId: string, jobId: string | null) => void;
}

/** Which run of a node the panel shows: the one that was just started, or picked from the list. */
export const useRunChoice = create<RunChoice>((set) => ({
  chosen: {},
  choose: (nodeId, jobId) =>
    set(({ chosen }) => {
      const { [nodeId]: _before, ...others } = chosen;
      return { chosen: jobId === null ? others : { ...others, [nodeId]: jobId } };
    }),
}));
