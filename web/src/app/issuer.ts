/** Signing in at an OpenID Connect issuer: authorization code with PKCE, as a public client. Loaded when it is wanted. */
import * as oauth from "oauth4webapi";
import { DocuBotError, type Entry } from "../client";
import type { Credentials } from "./credentials";
import { depart, type Returned } from "./returned";

interface Issuer {
  server: oauth.AuthorizationServer;
  client: oauth.Client;
  scope: string;
  token: "access" | "id";
  /** The server of DocuBot takes http for loopback alone. */
  options: { [oauth.allowInsecureRequests]: boolean };
}

/** Leaves for the issuer. `again`: whoever has just signed out is asked, even if the issuer still knows them. */
export async function leave(entry: Entry, again: boolean): Promise<void> {
  if (!globalThis.isSecureContext) throw new DocuBotError("issuer_needs_https", "");
  const { server, client, scope } = await known(entry);
  if (!server.authorization_endpoint) throw new DocuBotError("issuer_refused", "");
  const verifier = oauth.generateRandomCodeVerifier();
  const [state, nonce] = [oauth.generateRandomState(), oauth.generateRandomNonce()];
  const fragment = server.response_modes_supported?.includes("fragment") ?? true;
  const address = new URL(server.authorization_endpoint);
  const asked = {
    client_id: client.client_id,
    redirect_uri: home(),
    response_type: "code",
    scope,
    state,
    nonce,
    code_challenge: await oauth.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
    // What stands behind the # is sent to no server, so it is in no log.
    ...(fragment && { response_mode: "fragment" }),
    ...(again && { prompt: "login" }),
  };
  for (const [name, value] of Object.entries(asked)) address.searchParams.set(name, value);
  depart({ state, nonce, verifier, place: location.hash });
  location.assign(address);
}

/** The tokens for the code that one came back with. */
export async function arrive(entry: Entry, { parameters, departure }: Returned): Promise<Credentials> {
  const { server, client, scope, token, options } = await known(entry);
  return told(async () => {
    const checked = oauth.validateAuthResponse(server, client, parameters, departure.state);
    const response = await oauth.authorizationCodeGrantRequest(
      server,
      client,
      oauth.None(),
      checked,
      home(),
      departure.verifier,
      options,
    );
    const expected = scope.split(" ").includes("openid") ? { expectedNonce: departure.nonce } : {};
    return credentials(
      await oauth.processAuthorizationCodeResponse(server, client, response, expected),
      token,
    );
  });
}

export async function renew(entry: Entry, refresh: string): Promise<Credentials> {
  const { server, client, token, options } = await known(entry);
  return told(async () => {
    const response = await oauth.refreshTokenGrantRequest(server, client, oauth.None(), refresh, options);
    return credentials(await oauth.processRefreshTokenResponse(server, client, response), token, refresh);
  });
}

async function known({ issuer, page_client }: Entry): Promise<Issuer> {
  if (!issuer || !page_client) throw new DocuBotError("issuer_refused", "");
  const { client_id, scope, token } = page_client;
  const address = new URL(issuer);
  const options = { [oauth.allowInsecureRequests]: address.protocol === "http:" };
  const server = await told(async () =>
    oauth.processDiscoveryResponse(address, await oauth.discoveryRequest(address, options)),
  );
  return { server, client: { client_id }, scope, token, options };
}

function credentials(
  answer: oauth.TokenEndpointResponse,
  token: "access" | "id",
  refresh: string | null = null,
): Credentials {
  const access = token === "id" ? answer.id_token : answer.access_token;
  if (!access) throw new DocuBotError("issuer_refused", "The issuer sent no ID token.");
  return { kind: "issuer", access, refresh: answer.refresh_token ?? refresh };
}

/** The page itself, without what stands behind it: the redirect URI that the issuer knows. */
function home(): string {
  return new URL(".", location.href).href;
}

/** The outcome, with failures as errors that the page has words for. */
async function told<T>(call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof DocuBotError) throw error;
    // fetch rejects so: not reached, not let in by CORS, or not by the page's policy.
    if (error instanceof TypeError && !("code" in error))
      throw new DocuBotError("issuer_unreachable", error.message, 503);
    throw new DocuBotError("issuer_refused", error instanceof Error ? error.message : String(error), 400);
  }
}
