import Alert from "@mui/material/Alert";
import AlertTitle from "@mui/material/AlertTitle";
import Button from "@mui/material/Button";
import { Component, type ReactNode } from "react";
import { strings } from "@/strings";

interface Props {
  children: ReactNode;
  /** What is kept, and what to do. */
  help: string;
  /** What is shown. Something else gets another try. */
  shown: string | null;
}

interface State {
  failed: boolean;
}

/** Keeps a mistake in one part of the page from taking the canvas with it. */
export default class Broken extends Component<Props, State> {
  override state: State = { failed: false };

  static getDerivedStateFromError(): State {
    return { failed: true };
  }

  override componentDidUpdate(before: Props): void {
    if (this.state.failed && before.shown !== this.props.shown) this.setState({ failed: false });
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
        {this.props.help}
      </Alert>
    );
  }
}
