const { readFile, writeFile } = require('node:fs/promises');

/** By which the program writes why it did not start, with eventcreate.exe. */
const EVENT_SOURCE = 'SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\ScreenRecordingService';

const ENTRY = `
      <Component Id="StartAtLogin" Guid="B0A6C6E1-52C7-4E51-8E43-0B6B1C7D9F27">
        <RegistryValue Root="HKLM" Key="Software\\Microsoft\\Windows\\CurrentVersion\\Run" Name="ScreenRecordingService"
          Type="string" Value="&quot;[APPLICATIONFOLDER]Screen Recording Service.exe&quot; --login" KeyPath="yes" />
      </Component>
      <Component Id="EventSource" Guid="5D3B0E0E-6A53-4B0C-9E0D-3C8C2B6F4A91">
        <RegistryValue Root="HKLM" Key="${EVENT_SOURCE}" Name="EventMessageFile" Type="expandable"
          Value="%SystemRoot%\\System32\\EventCreate.exe" KeyPath="yes" />
        <RegistryValue Root="HKLM" Key="${EVENT_SOURCE}" Name="TypesSupported" Type="integer" Value="7" />
        <RegistryValue Root="HKLM" Key="${EVENT_SOURCE}" Name="CustomSource" Type="integer" Value="1" />
      </Component>`;

/** electron-builder's `msiProjectCreated`: the MSI starts the program for every user who logs in; it goes away where `autoStart` is false. */
module.exports = async function addStartAtLogin(projectFile) {
  const project = await readFile(projectFile, 'utf8');
  // With the blank: a ComponentGroupRef stands before it.
  const groups = project.match(/<ComponentGroup\s[^>]*>/g) ?? [];
  if (groups.length !== 1) throw new Error(`${groups.length} ComponentGroups in ${projectFile}: electron-builder's template has changed`);
  await writeFile(
    projectFile,
    project.replace(groups[0], (group) => `${group}${ENTRY}`),
  );
};
