// One field: a token, which goes to the server and stays nowhere.

import { useState } from "preact/hooks";
import { ApiError } from "../api/client.ts";
import { login } from "../api/session.ts";

export function LoginPage({ onDone }: { onDone: () => void }) {
  const [token, setToken] = useState("");
  const [fault, setFault] = useState<string>();
  const [busy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    try {
      await login(token);
      setToken("");
      onDone();
    } catch (error) {
      setFault(ApiError.of(error).message);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      class="page login"
      aria-labelledby="page-title"
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
    >
      <h1 id="page-title">Log in</h1>
      <label for="token">A token of this API</label>
      <input
        id="token"
        class="input mono"
        type="password"
        autocomplete="current-password"
        required
        aria-invalid={fault !== undefined}
        aria-describedby="token-fault"
        value={token}
        onInput={(event) => setToken(event.currentTarget.value)}
      />
      <p id="token-fault" class="fault" role="alert">
        {fault}
      </p>
      <button type="submit" class="button primary" disabled={busy || token === ""}>
        {busy ? "Asking…" : "Log in"}
      </button>
    </form>
  );
}
