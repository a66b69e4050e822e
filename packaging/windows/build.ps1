# Builds unravel.exe with icon, version and manifest, then a zip and, where WiX 3 is installed, an MSI.
# usage (in a "Developer PowerShell for VS", with Rust's msvc toolchain and Python):  packaging\windows\build.ps1 [-Out DIR]
param([string]$Out = "target\packages")
$ErrorActionPreference = "Stop"
Set-Location (Join-Path $PSScriptRoot "..\..")
function Assert-Done($what) { if ($LASTEXITCODE -ne 0) { throw "$what failed with exit code $LASTEXITCODE" } }

$version = [regex]::Match((Get-Content Cargo.toml -Raw), '(?m)^version = "(.+)"').Groups[1].Value
$commas = ($version -replace '\.', ',') + ",0"
New-Item -ItemType Directory -Force $Out | Out-Null
$Out = (Resolve-Path $Out).Path

$res = Join-Path $Out "unravel.res"
rc.exe /nologo /d "VERSION_COMMAS=$commas" /d "VERSION_TEXT=\`"$version\`"" /fo $res packaging\windows\unravel.rc
Assert-Done "rc"
$manifest = (Resolve-Path packaging\windows\unravel.manifest).Path
cargo rustc --release --locked --bin unravel -- -C "link-arg=$res" -C "link-arg=/MANIFEST:EMBED" -C "link-arg=/MANIFESTINPUT:$manifest"
Assert-Done "cargo"
$target = if ($env:CARGO_TARGET_DIR) { $env:CARGO_TARGET_DIR } else { "target" }
$program = (Resolve-Path "$target\release\unravel.exe").Path
& $program --version
Assert-Done "unravel --version"

# Everything that is packed, side by side.
$stage = Join-Path $Out "windows"
New-Item -ItemType Directory -Force $stage | Out-Null
Copy-Item $program, LICENSE-MIT, LICENSE-APACHE, assets\icon\unravel.ico, packaging\windows\unravel.wxs $stage
$env:PYTHONUTF8 = "1"
python packaging\notices.py x86_64-pc-windows-msvc | Set-Content -Encoding utf8 (Join-Path $stage "third-party.txt")
Assert-Done "notices.py"
Set-Location $stage

$zip = Join-Path $Out "unravel-$version-windows-x86_64.zip"
Compress-Archive -Force -DestinationPath $zip -Path unravel.exe, LICENSE-MIT, LICENSE-APACHE, third-party.txt
Write-Output $zip

if (Get-Command candle.exe -ErrorAction SilentlyContinue) {
    $msi = Join-Path $Out "unravel-$version-x86_64.msi"
    candle.exe -nologo -arch x64 "-dVersion=$version" unravel.wxs
    Assert-Done "candle"
    light.exe -nologo -out $msi unravel.wixobj
    Assert-Done "light"
    Write-Output $msi
} else {
    Write-Output "WiX 3 is not installed (candle.exe, light.exe), so no MSI is made"
}
