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
  /** Whether a button lies over the upper right corner of the part. */
  corner?: boolean;
}

/** Keeps a mistake in one part of the page from taking the canvas with it. */
export default function Broken({ children, help, shown, corner = false }: Props) {
  return (
    <ErrorBoundary fallback={<Said help={help} top={corner ? 7 : 2} />} resetKeys={[shown]}>
      {children}
    </ErrorBoundary>
  );
}

function Said({ help, top }: { help: string; top: number }) {
  return (
    <Alert severity="error" sx={{ m: 2, mt: top }}>
      <AlertTitle>{strings.app.broken}</AlertTitle>
      {help}
      <Button
        color="inherit"
        variant="outlined"
        size="small"
        onClick={() => location.reload()}
        sx={{ display: "block", mt: 1.5 }}
      >
        {strings.app.reload}
      </Button>
    </Alert>
  );
}
