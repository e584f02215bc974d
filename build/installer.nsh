; Starting at login is written here, since a silent installation starts nothing. For a user it is the value that the program keeps itself
; from its first start on (named by its AppUserModelID); an update leaves it to the program. A per-machine installation starts for every user
; who logs in. Where autoStart is false the program goes away by itself.
!define /ifndef RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"

; The names that eventcreate.exe, by which the program writes why it did not start, gives a source of its own.
!define /ifndef EVENT_SOURCE "SYSTEM\CurrentControlSet\Services\EventLog\Application\ScreenRecordingService"

; The folder of the machine-wide configuration, for administrators to write and for users to read. Every user may make a folder there, and could have
; made this one before: then it is theirs, or a link to a place whose rights are not to be changed. Names by SID hold in every language.
!macro makeMachineFolder
  ${GetFileAttributes} "$APPDATA\ScreenRecordingService" "REPARSE_POINT" $R0
  ${If} $R0 == 1
    RMDir "$APPDATA\ScreenRecordingService"
  ${EndIf}
  CreateDirectory "$APPDATA\ScreenRecordingService"
  nsExec::Exec '"$SYSDIR\icacls.exe" "$APPDATA\ScreenRecordingService" /setowner *S-1-5-32-544'
  Pop $R0
  nsExec::Exec '"$SYSDIR\icacls.exe" "$APPDATA\ScreenRecordingService" /reset'
  Pop $R0
  nsExec::Exec '"$SYSDIR\icacls.exe" "$APPDATA\ScreenRecordingService" /inheritance:r /grant:r *S-1-5-18:(OI)(CI)F *S-1-5-32-544:(OI)(CI)F *S-1-5-32-545:(OI)(CI)RX'
  Pop $R0
  ${If} $R0 != 0
    DetailPrint "The rights of $APPDATA\ScreenRecordingService were not set (icacls: $R0)."
  ${EndIf}
!macroend

!macro customInstall
  ${If} $installMode == "all"
    !insertmacro makeMachineFolder
    WriteRegExpandStr HKLM "${EVENT_SOURCE}" "EventMessageFile" "%SystemRoot%\System32\EventCreate.exe"
    WriteRegDWORD HKLM "${EVENT_SOURCE}" "TypesSupported" 7
    WriteRegDWORD HKLM "${EVENT_SOURCE}" "CustomSource" 1
    WriteRegStr HKLM "${RUN_KEY}" "ScreenRecordingService" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" --login'
  ${Else}
    ${IfNot} ${isUpdated}
      WriteRegStr HKCU "${RUN_KEY}" "${APP_ID}" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" --login'
    ${EndIf}
  ${EndIf}
!macroend

; The machine-wide configuration and the users' spools stay: recordings that no server has yet may be in them.
; "/PURGE" asks for the spool of the current user to go too.
!macro customUnInstall
  ${If} $installMode == "all"
    DeleteRegValue HKLM "${RUN_KEY}" "ScreenRecordingService"
    DeleteRegKey HKLM "${EVENT_SOURCE}"
  ${EndIf}
  ; Before a new version is installed the old one's uninstaller runs too.
  ${IfNot} ${isUpdated}
    ; The setup keeps a copy of itself where the updater would look for it.
    SetShellVarContext current
    RMDir /r "$LOCALAPPDATA\screen-recording-service-updater"
    ${If} $installMode == "all"
      SetShellVarContext all
    ${EndIf}
    DeleteRegValue HKCU "${RUN_KEY}" "${APP_ID}"
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Explorer\StartupApproved\Run" "${APP_ID}"
  ${EndIf}
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/PURGE" $R1
  ${IfNot} ${Errors}
    ; For all users $LOCALAPPDATA would be ProgramData, where the configuration is.
    SetShellVarContext current
    RMDir /r "$LOCALAPPDATA\ScreenRecordingService"
    ${If} $installMode == "all"
      SetShellVarContext all
    ${EndIf}
  ${EndIf}
!macroend
