/** Getting in and out: who the server lets in, tokens of its users, who one is. */
import type { Transport } from "./transport";
import type * as wire from "./types";

export class AuthApi {
  constructor(private readonly http: Transport) {}

  /** How one gets in; asked without a key. */
  entry(signal?: AbortSignal): Promise<wire.Entry> {
    return this.http.json("/auth", { signal });
  }

  me(signal?: AbortSignal): Promise<wire.Me> {
    return this.http.json("/me", { signal });
  }

  signIn(username: string, password: string): Promise<wire.Tokens> {
    return this.token({ grant_type: "password", username, password });
  }

  /** Both tokens anew; the one that is sent is used up. */
  renew(refreshToken: string): Promise<wire.Tokens> {
    return this.token({ grant_type: "refresh_token", refresh_token: refreshToken });
  }

  /** Ends the session of a token. */
  async revoke(token: string): Promise<void> {
    await this.http.call("/token/revoke", { method: "POST", body: new URLSearchParams({ token }) });
  }

  /** Of a user of the server's own; all of their sessions end. */
  async changePassword(password: string, next: string): Promise<void> {
    await this.http.call("/me/password", { method: "PUT", json: { password, new_password: next } });
  }

  private token(fields: Record<string, string>): Promise<wire.Tokens> {
    return this.http.json("/token", { method: "POST", body: new URLSearchParams(fields) });
  }
}
