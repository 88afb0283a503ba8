import { useEffect, useId } from "react";
import { create } from "zustand";
import { useShallow } from "zustand/react/shallow";

/** Number fields on the screen whose text is no number: the field's id, and its name. */
const useFields = create<Record<string, string>>(() => ({}));

/** Names the number fields whose text is no number: a run would take the values before, so it must wait. */
export function useUnreadNumbers(): string[] {
  return useFields(useShallow((fields) => Object.values(fields)));
}

/** Reports a number field by its *name* for as long as its text is no number; null: it is one. */
export function useReportUnread(name: string | null): void {
  const id = useId();
  useEffect(() => {
    if (name === null) return undefined;
    useFields.setState({ [id]: name });
    return () => useFields.setState(({ [id]: _read, ...others }) => others, true);
  }, [id, name]);
}
