import { createScreenRecordingClient } from './desktop-client.js';

const form = document.querySelector('form');
const status = document.querySelector('[role=status]');

const recording = createScreenRecordingClient({
  baseUrl: new URLSearchParams(location.search).get('service') ?? 'http://127.0.0.1:8080',
  credentials: () => Object.fromEntries(new FormData(form)),
  onState: (state) => {
    status.textContent = state.error === undefined ? state.status : `${state.status}: ${state.error.message}`;
  },
});

form.addEventListener('submit', (event) => {
  event.preventDefault();
  recording.login().catch(() => undefined); // onState has said why
});
document.querySelector('#logout').addEventListener('click', () => void recording.logout().catch(() => undefined));
