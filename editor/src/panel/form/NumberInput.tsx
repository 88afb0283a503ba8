import TextField from "@mui/material/TextField";
import { useState } from "react";
import { exactText, readNumber } from "@/panel/facts/numbers";
import { useReportUnread } from "@/panel/form/unread_numbers";
import { strings } from "@/strings";

interface Props {
  id?: string;
  label: string;
  value: unknown;
  /** Called with null when the field was emptied. */
  onValue(value: number | null): void;
  /** The whole name where the label alone says too little: "Low of C". */
  spokenLabel?: string;
  hideLabel?: boolean;
  required?: boolean;
  disabled?: boolean;
  error?: boolean;
  placeholder?: string;
  describedBy?: string;
}

/**
 * A number as people write it: 1e-4 stays 1e-4, and a text that is no number yet ("1e") changes nothing.
 *
 * The text typed is kept as long as it says the value that is held; any other value (undo, a remedy) is written anew.
 */
export function NumberInput(props: Props) {
  const {
    id,
    label,
    value,
    onValue,
    hideLabel,
    spokenLabel,
    required,
    disabled,
    error,
    placeholder,
    describedBy,
  } = props;
  const { text, unreadable, change } = useTypedText(value ?? null, onValue);
  useReportUnread(unreadable ? (spokenLabel ?? label) : null);

  return (
    <TextField
      id={id}
      fullWidth
      label={hideLabel ? undefined : label}
      value={text}
      required={required}
      disabled={disabled}
      placeholder={placeholder}
      error={error || unreadable}
      helperText={unreadable ? strings.panel.numberWanted : undefined}
      onChange={(event) => change(event.target.value)}
      slotProps={{
        htmlInput: {
          inputMode: "decimal",
          autoComplete: "off",
          spellCheck: false,
          "aria-label": spokenLabel ?? (hideLabel ? label : undefined),
          "aria-describedby": describedBy,
          "aria-invalid": error || unreadable || undefined,
        },
      }}
    />
  );
}

/** The text of the field, whether it is no number, and what typing does. */
function useTypedText(value: unknown, onValue: Props["onValue"]) {
  const [typed, setTyped] = useState<{ text: string; value: unknown } | null>(null);
  const isTyped = typed !== null && Object.is(typed.value, value);
  const text = isTyped ? typed.text : typeof value === "number" ? exactText(value) : "";
  const unreadable = isTyped && readNumber(text) === undefined;
  const change = (next: string) => {
    const read = readNumber(next);
    setTyped({ text: next, value: read === undefined ? value : read });
    if (read !== undefined && !Object.is(read, value)) onValue(read);
  };
  return { text, unreadable, change };
}
