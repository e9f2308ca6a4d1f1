using SmtpProxy.TestKit.Processes;

namespace SmtpProxy.TestKit.Postfix;

/// <summary>Users of a Postfix whose logins Cyrus SASL checks, in a database of its own. Needs Debian's sasl2-bin and libsasl2-modules.</summary>
public static class SaslUsers
{
    /// <summary>Writes the database with one user, and returns what sets up a Postfix that takes mail from nobody else.</summary>
    /// <param name="directory">Where the database is kept.</param>
    /// <param name="user">Name with its realm, as <c>u1@example.com</c>.</param>
    /// <param name="password">The password.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public static async Task<PostfixOptions> CreateAsync(
        TempDirectory directory, string user, string password, CancellationToken cancellationToken)
    {
        var at = user.IndexOf('@', StringComparison.Ordinal);
        var database = directory.PathOf("sasldb2");
        var passwordFile = directory.Write("password", password);

        // smtpd reads the database after it has dropped its privileges.
        await ChildProcess.RunAsync(
            "/bin/sh",
            ["-c", "saslpasswd2 -p -c -f \"$0\" -u \"$1\" \"$2\" < \"$3\" && chmod 644 \"$0\"", database, user[(at + 1)..], user[..at], passwordFile],
            cancellationToken);
        return new PostfixOptions
        {
            // Where Debian's Postfix looks, whatever cyrus_sasl_config_path says.
            Files = new Dictionary<string, string>
            {
                ["sasl/smtpd.conf"] = $"""
                    pwcheck_method: auxprop
                    auxprop_plugin: sasldb
                    sasldb_path: {database}
                    mech_list: PLAIN LOGIN CRAM-MD5 SCRAM-SHA-256

                    """,
            },
            Settings = new Dictionary<string, string>
            {
                ["smtpd_sasl_auth_enable"] = "yes",
                ["smtpd_sasl_type"] = "cyrus",
                ["smtpd_sasl_path"] = "smtpd",
                ["smtpd_sasl_local_domain"] = user[(at + 1)..],
                ["smtpd_sasl_security_options"] = "noanonymous",
                ["broken_sasl_auth_clients"] = "yes",
                ["smtpd_relay_restrictions"] = "permit_sasl_authenticated, reject",
                ["smtpd_client_restrictions"] = "permit_sasl_authenticated, reject",
            },
        };
    }
}
