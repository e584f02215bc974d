// The calls of a native agent desktop, .NET 8. Not run by this project's tests: there is no .NET where they run.
//   dotnet run http://127.0.0.1:8080 agent     (the password is asked for)
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;

var service = args.Length > 0 ? args[0] : "http://127.0.0.1:8080";
var userName = args.Length > 1 ? args[1] : "agent";
Console.Write($"Password of {userName}: ");
var password = Console.ReadLine() ?? "";

// No proxy: the service is on this computer. No cookies: Basic goes with every call.
using var handler = new SocketsHttpHandler { UseProxy = false, UseCookies = false };
using var http = new HttpClient(handler) { BaseAddress = new Uri(service), Timeout = TimeSpan.FromSeconds(30) };
http.DefaultRequestHeaders.Authorization =
    new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{userName}:{password}")));
// One of "allowedOrigins". With "requireOrigin": false a native desktop may send none.
http.DefaultRequestHeaders.Add("Origin", "https://desktop.example.com");

Console.WriteLine(await http.GetStringAsync("version"));

// Waits for the recording server's word on the credentials: up to 20 s. Every parameter is optional.
object[] configuration =
[
    new { name = "place", value = "Place 7" },
    new { name = "devices", value = new[] { new { dn = "7001", @switch = "Switch" } } },
];
Console.WriteLine(await Read(await http.PostAsJsonAsync("api/v2/me", configuration)));

// From the first poll on: at least once a minute. 401 means that there is no session of this agent any more: log in again.
using var working = new CancellationTokenSource();
var polling = Poll(working.Token);
Console.WriteLine("Logged in. Enter logs out.");
Console.ReadLine();
working.Cancel();
await polling;

Console.WriteLine(await Read(await http.PostAsJsonAsync("api/v2/me", new { operationName = "EndContactCenterSession" })));

async Task Poll(CancellationToken stop)
{
    using var timer = new PeriodicTimer(TimeSpan.FromSeconds(20));
    try
    {
        do
        {
            using var answer = await http.GetAsync("ping", stop);
            if (!answer.IsSuccessStatusCode) Console.Error.WriteLine($"Poll: {(int)answer.StatusCode}");
        } while (await timer.WaitForNextTickAsync(stop));
    }
    catch (OperationCanceledException)
    {
    }
}

// The body of an error is {"statusCode":…,"statusMessage":"…"}.
static async Task<string> Read(HttpResponseMessage answer)
{
    using (answer)
    {
        var body = await answer.Content.ReadAsStringAsync();
        return answer.IsSuccessStatusCode ? body : throw new HttpRequestException($"{(int)answer.StatusCode}: {body}");
    }
}
