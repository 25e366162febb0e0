/** What needs the scope `admin`: keys, users, settings in force, usage, evaluation runs, the audit log. */
import { enc, type ListOptions, type Transport } from "./transport";
import type * as wire from "./types";

export class AdminApi {
  constructor(private readonly http: Transport) {}

  settings(signal?: AbortSignal): Promise<wire.SettingsInForce> {
    return this.http.json("/admin/settings", { signal });
  }

  usage(days: number, signal?: AbortSignal): Promise<wire.UsageReport> {
    return this.http.json("/admin/usage", { query: { days }, signal });
  }

  // ---------------------------------------------------------------- keys

  keys(options: ListOptions = {}): Promise<wire.Page<wire.Key>> {
    return this.http.list("/keys", options);
  }

  /** The secret is in the answer this once. */
  createKey(key: wire.NewKey): Promise<wire.MadeKey> {
    return this.http.json("/keys", { method: "POST", json: key });
  }

  /** What is left out stays; a limit of null is none. */
  changeKey(id: string, change: wire.KeyChange): Promise<wire.Key> {
    return this.http.json(`/keys/${enc(id)}`, { method: "PATCH", json: change });
  }

  rotateKey(id: string): Promise<wire.MadeKey> {
    return this.http.json(`/keys/${enc(id)}/rotate`, { method: "POST" });
  }

  revokeKey(id: string): Promise<wire.Key> {
    return this.http.json(`/keys/${enc(id)}`, { method: "DELETE" });
  }

  // ---------------------------------------------------------------- users

  users(options: ListOptions = {}): Promise<wire.Page<wire.User>> {
    return this.http.list("/users", options);
  }

  createUser(user: wire.NewUser): Promise<wire.User> {
    return this.http.json("/users", { method: "POST", json: user });
  }

  /** What is left out stays. A new password, or being disabled, ends the user's sessions. */
  changeUser(id: string, change: wire.UserChange): Promise<wire.User> {
    return this.http.json(`/users/${enc(id)}`, { method: "PATCH", json: change });
  }

  async deleteUser(id: string): Promise<void> {
    await this.http.call(`/users/${enc(id)}`, { method: "DELETE" });
  }

  async roles(signal?: AbortSignal): Promise<wire.DefinedRole[]> {
    const { items } = await this.http.json<{ items: wire.DefinedRole[] }>("/roles", { signal });
    return items;
  }

  // ---------------------------------------------------------------- evaluations

  evaluations(options: ListOptions = {}): Promise<wire.Page<wire.EvaluationRun>> {
    return this.http.list("/admin/evaluations", options);
  }

  evaluation(id: string, signal?: AbortSignal): Promise<wire.EvaluationDetail> {
    return this.http.json(`/admin/evaluations/${enc(id)}`, { signal });
  }

  evaluationReport(id: string): Promise<Blob> {
    return this.http.blob(`/admin/evaluations/${enc(id)}/report`, {});
  }

  // ---------------------------------------------------------------- audit

  /** Newest first. */
  audit(
    options: ListOptions & { action?: wire.AuditAction | undefined } = {},
  ): Promise<wire.Page<wire.AuditEntry>> {
    return this.http.list("/audit", options, { action: options.action });
  }

  /** All of it, as JSON Lines. */
  auditFile(): Promise<Blob> {
    return this.http.blob("/audit", { query: { format: "jsonl" } });
  }
}
