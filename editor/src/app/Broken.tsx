import Alert from "@mui/material/Alert";
import AlertTitle from "@mui/material/AlertTitle";
import Button from "@mui/material/Button";
import { Component, type ReactNode } from "react";
import { strings } from "@/strings";

interface State {
  failed: boolean;
}

/** Keeps a mistake in one part of the page from taking the canvas with it. */
export default class Broken extends Component<{ children: ReactNode }, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children;
    const reload = (
      <Button color="inherit" onClick={() => location.reload()}>
        {strings.app.reload}
      </Button>
    );
    return (
      <Alert severity="error" action={reload} sx={{ m: 2 }}>
        <AlertTitle>{strings.app.broken}</AlertTitle>
        {strings.app.brokenHelp}
      </Alert>
    );
  }
}
