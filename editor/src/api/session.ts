/** Who is signed in here: a token for this window only, and the requests that wait for one. */
import { create } from "zustand";

interface Session {
  token: string | null;
  /** Whether the server wants to know who asks, and nobody has said so yet. */
  isAsked: boolean;
}

// Gone with the window: whoever sits here next has to sign in.
const KEY = "hpt-token";

/** The token that is in use, and whether one is asked for. */
export const useSession = create<Session>()(() => ({
  token: sessionStorage.getItem(KEY),
  isAsked: false,
}));

let waiting: (() => void)[] = [];

/** Ask for a token; settled as soon as somebody has signed in, or rejected when *signal* ends the question. */
export function signedIn(signal?: AbortSignal): Promise<void> {
  useSession.setState({ isAsked: true });
  return new Promise((resolve, reject) => {
    waiting.push(resolve);
    signal?.addEventListener("abort", () =>
      reject(new DOMException("The question was given up.", "AbortError")),
    );
  });
}

/** Use this token from now on; what waited for one goes on. */
export function signIn(token: string): void {
  sessionStorage.setItem(KEY, token);
  useSession.setState({ token, isAsked: false });
  const resumed = waiting;
  waiting = [];
  for (const go of resumed) go();
}

/** Forget the token; the page that is loaded next asks for one. */
export function signOut(): void {
  sessionStorage.removeItem(KEY);
  useSession.setState({ token: null });
}
