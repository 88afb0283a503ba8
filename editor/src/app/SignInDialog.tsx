import Alert from "@mui/material/Alert";
import Button from "@mui/material/Button";
import Dialog from "@mui/material/Dialog";
import DialogActions from "@mui/material/DialogActions";
import DialogContent from "@mui/material/DialogContent";
import DialogContentText from "@mui/material/DialogContentText";
import DialogTitle from "@mui/material/DialogTitle";
import TextField from "@mui/material/TextField";
import { type FormEvent, useState } from "react";
import { refusalOf } from "@/api/client";
import { signIn } from "@/api/session";
import { strings } from "@/strings";

const words = strings.app.signIn;
/** What a header can carry; anything else was pasted by mistake. */
const TOKEN = /^[\w.~+/=-]+$/;

/** Asks for a token where the server wants to know who asks; everything that waits goes on with a good one. */
export default function SignInDialog() {
  const [text, setText] = useState("");
  const [refusal, setRefusal] = useState<string | null>(null);
  const [isTrying, setIsTrying] = useState(false);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const token = text.trim();
    setIsTrying(true);
    const found = TOKEN.test(token) ? await refusalOf(token) : words.noToken;
    setIsTrying(false);
    setRefusal(found);
    if (found === null) signIn(token);
  };
  return (
    <Dialog open fullWidth maxWidth="sm" aria-labelledby="sign-in-title">
      <form onSubmit={(event) => void submit(event)}>
        <DialogTitle id="sign-in-title">{words.title}</DialogTitle>
        <DialogContent>
          <DialogContentText>
            {words.text} <code>{words.command}</code>
          </DialogContentText>
          <TextField
            label={words.token}
            helperText={words.kept}
            type="password"
            autoComplete="off"
            value={text}
            onChange={(event) => setText(event.target.value)}
            fullWidth
            autoFocus
            sx={{ mt: 2 }}
          />
          {refusal !== null && (
            <Alert severity="error" sx={{ mt: 1 }}>
              {refusal}
            </Alert>
          )}
        </DialogContent>
        <DialogActions>
          <Button type="submit" variant="contained" disabled={isTrying || text.trim() === ""}>
            {words.yes}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
