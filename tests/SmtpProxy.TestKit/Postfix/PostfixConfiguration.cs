using System.Net;
using System.Text;

namespace SmtpProxy.TestKit.Postfix;

/// <summary>The two configuration files of a Postfix instance that keeps to its directory and to loopback.</summary>
internal static class PostfixConfiguration
{
    /// <summary>Services by need: nothing is chrooted, nothing is rate limited, and nothing listens but smtpd.</summary>
    public static string Master(int port) => $"""
        127.0.0.1:{port} inet n - n - - smtpd
        pickup    unix  n       -       n       1       1       pickup
        cleanup   unix  n       -       n       -       0       cleanup
        qmgr      unix  n       -       n       1       1       qmgr
        rewrite   unix  -       -       n       -       -       trivial-rewrite
        bounce    unix  -       -       n       -       0       bounce
        defer     unix  -       -       n       -       0       bounce
        trace     unix  -       -       n       -       0       bounce
        verify    unix  -       -       n       -       1       verify
        flush     unix  n       -       n       1000?   0       flush
        proxymap  unix  -       -       n       -       -       proxymap
        smtp      unix  -       -       n       -       -       smtp
        relay     unix  -       -       n       -       -       smtp
        tlsmgr    unix  -       -       n       1000?   1       tlsmgr
        showq     unix  n       -       n       -       -       showq
        error     unix  -       -       n       -       -       error
        retry     unix  -       -       n       -       -       error
        discard   unix  -       -       n       -       -       discard
        virtual   unix  -       n       n       -       -       virtual
        anvil     unix  -       -       n       -       1       anvil
        scache    unix  -       -       n       -       1       scache
        postlog   unix-dgram n  -       n       -       1       postlogd

        """;

    public static string Main(TempDirectory directory, PostfixOptions options)
    {
        var settings = new Dictionary<string, string>
        {
            ["compatibility_level"] = "3.6",
            ["queue_directory"] = directory.PathOf("queue"),
            ["data_directory"] = directory.PathOf("data"),
            ["maillog_file"] = directory.PathOf("mail.log"),
            ["maillog_file_prefixes"] = directory.Root,
            ["myhostname"] = options.Hostname,
            ["mydomain"] = "example.com",
            ["myorigin"] = "$myhostname",
            ["mydestination"] = "",
            ["local_recipient_maps"] = "",
            ["alias_maps"] = "",
            ["alias_database"] = "",
            ["inet_interfaces"] = "127.0.0.1",
            ["inet_protocols"] = "ipv4",
            ["mynetworks"] = "127.0.0.0/8",
            ["smtpd_relay_restrictions"] = "permit_mynetworks, reject",
            ["smtpd_recipient_restrictions"] = "",

            // Nothing is looked up: tests run where no resolver answers.
            ["smtp_dns_support_level"] = "disabled",
            ["smtp_host_lookup"] = "native",
            ["smtpd_peername_lookup"] = "no",

            // What a load test of one client would otherwise run into.
            ["smtpd_client_connection_count_limit"] = "0",
            ["smtpd_client_connection_rate_limit"] = "0",
            ["smtpd_client_message_rate_limit"] = "0",
            ["smtpd_client_recipient_rate_limit"] = "0",
            ["smtpd_error_sleep_time"] = "0",
            ["in_flow_delay"] = "0",

            // A message that could not go is tried again within the patience of a test.
            ["queue_run_delay"] = "1s",
            ["minimal_backoff_time"] = "1s",
            ["maximal_backoff_time"] = "2s",
            ["append_dot_mydomain"] = "no",
            ["biff"] = "no",
            ["notify_classes"] = "",
            ["message_size_limit"] = "52428800",
        };
        foreach (var (key, value) in options.RelayHost is { } relay ? Relaying(relay) : Delivering(directory))
        {
            settings[key] = value;
        }

        foreach (var (key, value) in options.Settings)
        {
            settings[key] = value;
        }

        var text = new StringBuilder();
        foreach (var (key, value) in settings)
        {
            text.Append(key).Append(" = ").Append(value).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Every recipient of every domain has the same Maildir.</summary>
    private static Dictionary<string, string> Delivering(TempDirectory directory) => new()
    {
        ["virtual_mailbox_domains"] = "static:all",
        ["virtual_mailbox_maps"] = $"static:{PostfixServer.MailboxName}/",
        ["virtual_mailbox_base"] = directory.PathOf(PostfixServer.MailDirectoryName),
        ["virtual_mailbox_limit"] = "0",
        ["virtual_uid_maps"] = $"static:{PostfixServer.NobodyId}",
        ["virtual_gid_maps"] = $"static:{PostfixServer.NobodyId}",
        ["default_transport"] = "error:no mail leaves the tests",
        ["relay_transport"] = "error:no mail leaves the tests",
    };

    private static Dictionary<string, string> Relaying(IPEndPoint relay) => new()
    {
        ["relayhost"] = $"[{relay.Address}]:{relay.Port}",
        ["default_transport"] = "smtp",
    };
}
