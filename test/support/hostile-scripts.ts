/** What a hostile page is told of its victim: the worst case, in which it knows the agent's password too. */
export interface HostileKnowledge {
  /** Of the local API. */
  readonly base: string;
  readonly authorization: string;
  readonly logout: string;
}

/** The expression that runs one of the scripts below in a page. */
export function hostileCall(script: string, knowledge: HostileKnowledge & Readonly<Record<string, string>>): string {
  return `(${script})(${JSON.stringify(knowledge)})`;
}

/** How each attempt ended: a status and text that could be read, or the error's name. */
export const FETCHES = `async ({ base, authorization, logout }) => {
  const json = { 'Content-Type': 'application/json' };
  const own = { Authorization: authorization };
  const attempts = [
    ['/version', {}],
    ['/status', {}],
    ['/ping', {}],
    ['/ping', { headers: own }],
    ['/api/v2/me', {}],
    ['/api/v2/me', { headers: own }],
    ['/api/v2/me', { method: 'POST', headers: own, body: '[]' }],
    ['/api/v2/me', { method: 'POST', headers: { ...own, ...json }, body: logout }],
    ['/api/v2/me', { method: 'POST', headers: json, body: logout }],
    ['/api/v2/me', { method: 'POST', body: logout }],
    ['/api/v2/me', { method: 'DELETE' }],
  ];
  const attempt = async ([path, init]) => {
    try {
      const response = await fetch(base + path, { ...init, credentials: 'include' });
      return response.status + ' ' + (await response.text());
    } catch (error) {
      return error.name;
    }
  };
  return Promise.all(attempts.map(attempt));
}`;

/** The types of the answers, or the errors' names. */
export const NO_CORS_FETCHES = `async ({ base, authorization, logout }) => {
  const options = { mode: 'no-cors', credentials: 'include', headers: { Authorization: authorization } };
  const attempt = (path, more = {}) => fetch(base + path, { ...options, ...more }).then(({ type }) => type, ({ name }) => name);
  const post = (body) => attempt('/api/v2/me', { method: 'POST', body });
  return [await attempt('/ping'), await attempt('/api/v2/me'), await attempt('/status'), await post(logout), await post(''), await post('[]')];
}`;

/** Beacons tell nothing of their answer; their requests do go out. */
export const BEACON = `({ base, logout }) => navigator.sendBeacon(base + '/api/v2/me', logout)`;

/** Which of the elements the browser took for loaded. */
export const PROBES = `async ({ base }) => {
  const probe = (name, attribute, path) =>
    new Promise((resolve) => {
      const element = Object.assign(document.createElement(name), { onerror: () => resolve(), onload: () => resolve(name), oncanplay: () => resolve(name) });
      if (name === 'link') element.setAttribute('rel', 'stylesheet');
      element.setAttribute(attribute, base + path);
      document.body.append(element);
    });
  const loaded = await Promise.all([
    probe('img', 'src', '/ping'),
    probe('img', 'src', '/api/v2/me'),
    probe('script', 'src', '/ping'),
    probe('link', 'href', '/status'),
    probe('video', 'src', '/ping'),
  ]);
  return loaded.filter((name) => name !== undefined);
}`;

export const IMAGE_WITH_PASSWORD = `async ({ base }) => {
  const src = base.replace('://', '://agent:secret@') + '/api/v2/me';
  await new Promise((resolve) => document.body.append(Object.assign(document.createElement('img'), { onerror: resolve, onload: resolve, src })));
}`;

export const STREAMS = `async ({ base }) => {
  await new Promise((resolve) => (new WebSocket(base.replace('http', 'ws') + '/ping').onerror = resolve));
  await new Promise((resolve) => {
    const stream = new EventSource(base + '/ping', { withCredentials: true });
    stream.onerror = () => { stream.close(); resolve(); };
  });
}`;

/** A form whose text/plain body is JSON. */
export const FORM = `({ base, method, enctype }) => {
  const form = Object.assign(document.createElement('form'), { action: base + '/api/v2/me', method, enctype });
  form.append(Object.assign(document.createElement('input'), { name: '{"operationName":"EndContactCenterSession","x":"', value: '"}' }));
  document.body.append(form);
  form.submit();
}`;

export const FRAME = `({ base, path }) => document.body.append(Object.assign(document.createElement('iframe'), { src: base + path }))`;

export const NAVIGATION = `({ base, path }) => location.assign(base + path)`;

/** What the fetches came to in a frame without an origin, and what that frame takes for its origin. */
export const SANDBOXED_FRAME = `async (knowledge) => {
  const told = new Promise((resolve) => addEventListener('message', ({ data }) => resolve(data), { once: true }));
  const script = '(async () => parent.postMessage({ origin: self.origin, results: await (' + knowledge.fetches + ')(' + JSON.stringify(knowledge) + '), opaque: await (' + knowledge.noCorsFetches + ')(' + JSON.stringify(knowledge) + ') }, "*"))()';
  const frame = document.createElement('iframe');
  frame.setAttribute('sandbox', 'allow-scripts');
  frame.setAttribute('allow', 'loopback-network; local-network-access');
  frame.srcdoc = '<script>' + script.replaceAll('</', '<\\\\/') + '</' + 'script>';
  document.body.append(frame);
  return told;
}`;
