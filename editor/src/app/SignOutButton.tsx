import Logout from "@mui/icons-material/LogoutOutlined";
import IconButton from "@mui/material/IconButton";
import { signOut, useSession } from "@/api/session";
import { rememberPipeline } from "@/app/leaving";
import { strings } from "@/strings";

/** Ends the session of whoever is signed in; nothing of theirs stays on the page. */
export default function SignOutButton() {
  const isSignedIn = useSession((state) => state.token !== null);
  if (!isSignedIn) return null;
  const leave = () => {
    signOut();
    rememberPipeline(null);
    // Whose pipeline this was is nothing for the next who sits here.
    history.replaceState(null, "", "#/");
    location.reload();
  };
  return (
    <IconButton aria-label={strings.app.signIn.out} title={strings.app.signIn.out} onClick={leave}>
      <Logout fontSize="small" />
    </IconButton>
  );
}
