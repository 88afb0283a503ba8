import Alert from "@mui/material/Alert";
import AlertTitle from "@mui/material/AlertTitle";
import Button from "@mui/material/Button";
import type { ReactNode } from "react";
import { ErrorBoundary } from "react-error-boundary";
import { strings } from "@/strings";

interface Props {
  children: ReactNode;
  /** What is kept, and what to do. */
  help: string;
  /** What is shown. Something else gets another try. */
  shown: string | null;
}

/** Keeps a mistake in one part of the page from taking the canvas with it. */
export default function Broken({ children, help, shown }: Props) {
  return (
    <ErrorBoundary fallback={<Said help={help} />} resetKeys={[shown]}>
      {children}
    </ErrorBoundary>
  );
}

function Said({ help }: { help: string }) {
  const reload = (
    <Button color="inherit" onClick={() => location.reload()}>
      {strings.app.reload}
    </Button>
  );
  return (
    <Alert severity="error" action={reload} sx={{ m: 2 }}>
      <AlertTitle>{strings.app.broken}</AlertTitle>
      {help}
    </Alert>
  );
}
