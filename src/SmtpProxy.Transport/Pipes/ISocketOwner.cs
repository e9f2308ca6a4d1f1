namespace SmtpProxy.Transport.Pipes;

/// <summary>The connection that a socket belongs to.</summary>
internal interface ISocketOwner
{
    /// <summary>Nothing more can be received. Called under the socket's lock, or on the loop's thread: must not go on there.</summary>
    void OnInputEnded();
}
