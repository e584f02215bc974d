; Starting at login is written here, since a silent installation starts nothing. For a user it is the value that the program keeps itself
; from its first start on (named by its AppUserModelID); an update leaves it to the program. A per-machine installation starts for every user
; who logs in. Where autoStart is false the program goes away by itself.
!define /ifndef RUN_KEY "Software\Microsoft\Windows\CurrentVersion\Run"

!macro customInstall
  ${If} $installMode == "all"
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
