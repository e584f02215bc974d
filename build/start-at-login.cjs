const { readFile, writeFile } = require('node:fs/promises');

const ENTRY = `
      <Component Id="StartAtLogin" Guid="B0A6C6E1-52C7-4E51-8E43-0B6B1C7D9F27">
        <RegistryValue Root="HKLM" Key="Software\\Microsoft\\Windows\\CurrentVersion\\Run" Name="ScreenRecordingService"
          Type="string" Value="&quot;[APPLICATIONFOLDER]Screen Recording Service.exe&quot; --login" KeyPath="yes" />
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
