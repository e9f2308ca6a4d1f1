using System.Buffers;

namespace SmtpProxy.Protocol;

/// <summary>Finds the end of the text of a message: CR LF . CR LF and nothing else (RFC 5321 section 4.1.1.4). Under a rejecting policy it also finds
/// what another server might take for it: a lone dot with a bare CR or LF on either side. Resumable over any split.</summary>
/// <remarks>Octets that may still turn out to belong to either are held back: at most a line end, a dot and a CR. They are not part of
/// <see cref="BodyScan.Consumed"/>, and the caller passes them again with more octets behind them.</remarks>
public struct MessageEndScanner
{
    // CR LF . CR: what may stand at the end of a buffer and become an end with the next one.
    private const int LongestBeginning = 4;

    private BareNewlinePolicy _policy;
    private State _state;

    /// <summary>Creates a scanner at the beginning of a text, which counts as the beginning of a line.</summary>
    public MessageEndScanner(BareNewlinePolicy policy)
    {
        _policy = policy;
        _state = State.AfterCrLf;
    }

    private enum State : byte
    {
        Text,
        AfterCr,
        AfterCrLf,
        AfterLf,
        Dot,
        DotCr,
    }

    /// <summary>After a rejection: looks for the true end only, from where the last scan stopped.</summary>
    public void Discard() => _policy = BareNewlinePolicy.Pass;

    /// <summary>Scans what has arrived. The buffer begins where <see cref="BodyScan.Consumed"/> of the scan before ended.</summary>
    public BodyScan Scan(in ReadOnlySequence<byte> buffer)
    {
        var run = new Run(_policy, _state);
        foreach (var segment in buffer)
        {
            if (run.Take(segment.Span))
            {
                break;
            }
        }

        _state = run.Resume;
        return run.Result;
    }

    /// <summary>One pass over a buffer. Kept apart so that the fields live in registers.</summary>
    private ref struct Run(BareNewlinePolicy policy, State state)
    {
        private readonly BareNewlinePolicy _policy = policy;
        private State _state = state;
        private long _offset;
        private long _hold;
        private bool _isStrict;
        private BodyScanStatus _status = BodyScanStatus.More;

        public readonly BodyScan Result => _status switch
        {
            BodyScanStatus.End => new BodyScan(_status, _hold, _hold + 3),
            BodyScanStatus.Rejected => new BodyScan(_status, _hold, _hold),
            _ when IsHolding => new BodyScan(_status, _hold, _hold),
            _ => new BodyScan(_status, _offset, _offset),
        };

        /// <summary>The state at the first octet that was not consumed.</summary>
        public readonly State Resume => _status == BodyScanStatus.End ? State.AfterCrLf
            : _status == BodyScanStatus.More && !IsHolding ? _state
            : _isStrict ? State.AfterCrLf : State.Text;

        private readonly bool IsHolding => _state is State.AfterCr or State.AfterLf or State.Dot or State.DotCr;

        /// <summary>True when the scan is decided.</summary>
        public bool Take(ReadOnlySpan<byte> span)
        {
            var i = 0;
            var clearTo = 0;
            while (i < span.Length)
            {
                if (_state == State.Text)
                {
                    if (_policy != BareNewlinePolicy.Reject && i >= clearTo)
                    {
                        clearTo = ClearTo(span, i);
                        i = RestartAt(span, i, clearTo);
                    }

                    var next = span[i..].IndexOfAny((byte)'\r', (byte)'\n');
                    if (next < 0)
                    {
                        break;
                    }

                    i += next;
                }

                Step(span[i], _offset + i);
                if (_status != BodyScanStatus.More)
                {
                    return true;
                }

                i++;
            }

            _offset += span.Length;
            return false;
        }

        /// <summary>Where something that has to be looked at octet by octet may begin, at or behind <paramref name="from"/>: line ends alone decide
        /// nothing under this policy.</summary>
        private static int ClearTo(ReadOnlySpan<byte> span, int from)
        {
            var dot = LoneDotFinder.IndexOf(span[from..]);
            return dot >= 0 ? from + dot : Math.Max(from, span.Length - LongestBeginning);
        }

        /// <summary>The last place before <paramref name="clearTo"/> that is within a line, so that the state there is known without a look at all that
        /// stands before it.</summary>
        private static int RestartAt(ReadOnlySpan<byte> span, int from, int clearTo)
        {
            var inLine = span[from..clearTo].LastIndexOfAnyExcept((byte)'\r', (byte)'\n', (byte)'.');
            return inLine < 0 ? from : from + inLine + 1;
        }

        private void Step(byte octet, long at)
        {
            switch (_state)
            {
                case State.Dot:
                    AfterDot(octet, at);
                    break;
                case State.DotCr:
                    AfterDotCr(octet, at);
                    break;
                case State.AfterCr when octet == (byte)'\n':
                    _state = State.AfterCrLf;
                    break;
                case State.AfterCr when _policy == BareNewlinePolicy.Reject:
                    _status = BodyScanStatus.Rejected;
                    break;
                case State.AfterCrLf when octet == (byte)'.':
                    Hold(State.Dot, at, isStrict: true);
                    break;
                case State.AfterCr or State.AfterLf when octet == (byte)'.':
                    _state = State.Dot;
                    break;
                default:
                    InText(octet, at);
                    break;
            }
        }

        private void InText(byte octet, long at)
        {
            if (octet == (byte)'\r')
            {
                Hold(State.AfterCr, at, isStrict: false);
            }
            else if (octet != (byte)'\n')
            {
                _state = State.Text;
            }
            else
            {
                Hold(State.AfterLf, at, isStrict: false);
                if (_policy == BareNewlinePolicy.Reject)
                {
                    _status = BodyScanStatus.Rejected;
                }
            }
        }

        private void AfterDot(byte octet, long at)
        {
            if (octet == (byte)'\r')
            {
                _state = State.DotCr;
            }
            else if (octet == (byte)'\n' && _policy != BareNewlinePolicy.Pass)
            {
                _status = BodyScanStatus.Rejected;
            }
            else
            {
                InText(octet, at);
            }
        }

        private void AfterDotCr(byte octet, long at)
        {
            if (octet == (byte)'\n' && _isStrict)
            {
                _status = BodyScanStatus.End;
            }
            else if (_policy != BareNewlinePolicy.Pass)
            {
                _status = BodyScanStatus.Rejected;
            }
            else if (octet == (byte)'\n')
            {
                _state = State.AfterCrLf;
            }
            else
            {
                InText(octet, at);
            }
        }

        private void Hold(State state, long at, bool isStrict)
        {
            _state = state;
            _hold = at;
            _isStrict = isStrict;
        }
    }
}
