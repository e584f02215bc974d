import assert from 'node:assert/strict';
import { stat } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import { chromium } from 'playwright-core';
import { startService, startSimulator } from 'screen-recording-service';
import { serveDesktop } from './serve-desktop.mjs';

const AGENT = { userName: 'ann', password: 'secret', firstName: 'Ann', lastName: 'Smith' };

let simulator, desktop, service, browser, page;

before(async () => {
  simulator = await startSimulator({ agents: [AGENT] });
  desktop = await serveDesktop();
  service = await startService({ configuration: { server: simulator.url, allowedOrigins: [desktop.origin] } });
  browser = await chromium.launch({ executablePath: process.env.CHROME_PATH });
  page = await browser.newPage();
  await page.goto(`${desktop.origin}/?service=${encodeURIComponent(service.url)}`);
});

after(async () => {
  for (const part of [service, desktop, simulator]) await part?.stop();
  await browser?.close();
});

async function logIn(password) {
  await page.getByLabel('User name').fill(AGENT.userName);
  await page.getByLabel('Password').fill(password);
  await page.getByRole('button', { name: 'Log in' }).click();
}

test('a wrong password is told to the agent', async () => {
  await logIn('wrong');
  await page.getByText('failed:').waitFor();
  assert.equal(service.status().session.status, 'signedOut');
});

test('a call is recorded from the login to the logout', async () => {
  await logIn(AGENT.password);
  await page.getByText('signedIn').waitFor();
  await simulator.waitFor('the agent', () => simulator.listeningAgents().includes(AGENT.userName));

  const { recordingId } = simulator.startRecording(AGENT.userName);
  await service.waitFor('the first picture', ({ recorder }) => recorder.status === 'recording' && recorder.bytes > 0);
  simulator.stopRecording(AGENT.userName);
  const received = await simulator.waitFor('the recording', () => simulator.recordings().find((one) => one.recordingId === recordingId));
  assert.ok((await stat(simulator.mediaPath(received.mediaId))).size > 1000);

  await page.getByRole('button', { name: 'Log out' }).click();
  await page.getByText('signedOut').waitFor();
  await service.waitFor('the end of the session', ({ session }) => session.status === 'signedOut');
});

test('a recording server that is away is told to the agent', async () => {
  await simulator.goOffline();
  await logIn(AGENT.password);
  await page.getByText('failed:').waitFor();
  await simulator.goOnline();
});
