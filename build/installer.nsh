; A per-machine installation starts for every user who logs in; the program itself goes away where autoStart is false.
!macro customInstall
  ${If} $installMode == "all"
    WriteRegStr HKLM "Software\Microsoft\Windows\CurrentVersion\Run" "ScreenRecordingService" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" --login'
  ${EndIf}
!macroend

; The machine-wide configuration and the users' spools stay: recordings that no server has yet may be in them.
; "/PURGE" asks for the spool of the current user to go too.
!macro customUnInstall
  ${If} $installMode == "all"
    DeleteRegValue HKLM "Software\Microsoft\Windows\CurrentVersion\Run" "ScreenRecordingService"
  ${EndIf}
  ${GetParameters} $R0
  ClearErrors
  ${GetOptions} $R0 "/PURGE" $R1
  ${IfNot} ${Errors}
    RMDir /r "$LOCALAPPDATA\ScreenRecordingService"
  ${EndIf}
!macroend
