package org.openhipaa.core.access;

import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.openhipaa.core.actor.Actor;
import org.openhipaa.core.actor.Recipient;
import org.openhipaa.core.record.Attributes;

/**
 * Under which circumstances somebody asks: all of it optional. The reason may hold PHI, so it prints
 * nothing.
 *
 * <p>Immutable and thread-safe.
 */
public final class Circumstances {
  private static final Circumstances NONE =
      new Circumstances(Attributes.none(), null, null, null, null, null);

  private final Attributes context;
  private final @Nullable Recipient recipient;
  private final @Nullable String session;
  private final @Nullable String reason;
  private final @Nullable Actor approver;
  private final @Nullable BreakGlassTicket ticket;

  private Circumstances(
      Attributes context,
      @Nullable Recipient recipient,
      @Nullable String session,
      @Nullable String reason,
      @Nullable Actor approver,
      @Nullable BreakGlassTicket ticket) {
    this.context = context;
    this.recipient = recipient;
    this.session = session;
    this.reason = reason;
    this.approver = approver;
    this.ticket = ticket;
  }

  /**
   * Nothing special.
   *
   * @return no circumstances
   */
  public static Circumstances none() {
    return NONE;
  }

  /**
   * Says what else is known.
   *
   * @param known the attributes that a policy names with {@code context.}
   * @return a copy with them
   */
  public Circumstances context(Attributes known) {
    return new Circumstances(known, recipient, session, reason, approver, ticket);
  }

  /**
   * Says to whom a disclosure goes.
   *
   * @param kind the kind of recipient
   * @return a copy with it
   */
  public Circumstances recipient(Recipient kind) {
    return new Circumstances(context, kind, session, reason, approver, ticket);
  }

  /**
   * Says in which session.
   *
   * @param id the session's id
   * @return a copy with it
   */
  public Circumstances session(String id) {
    return new Circumstances(context, recipient, id, reason, approver, ticket);
  }

  /**
   * States a reason.
   *
   * @param text for people; blank counts as none
   * @return a copy with it
   */
  public Circumstances reason(String text) {
    return new Circumstances(context, recipient, session, text, approver, ticket);
  }

  /**
   * Says who has approved.
   *
   * @param second another person than the actor, authenticated
   * @return a copy with it
   */
  public Circumstances approver(Actor second) {
    return new Circumstances(context, recipient, session, reason, second, ticket);
  }

  /**
   * Acts under a break-glass ticket.
   *
   * @param issued the ticket
   * @return a copy with it
   */
  public Circumstances ticket(BreakGlassTicket issued) {
    return new Circumstances(context, recipient, session, reason, approver, issued);
  }

  /**
   * What else is known.
   *
   * @return the attributes that a policy names with {@code context.}
   */
  public Attributes context() {
    return context;
  }

  /**
   * To whom a disclosure goes.
   *
   * @return the kind of recipient, or empty
   */
  public Optional<Recipient> recipient() {
    return Optional.ofNullable(recipient);
  }

  /**
   * In which session.
   *
   * @return the session's id, or empty
   */
  public Optional<String> session() {
    return Optional.ofNullable(session);
  }

  /**
   * The reason that the actor states. May hold PHI: never log it.
   *
   * @return the text, or empty
   */
  public Optional<String> reason() {
    return Optional.ofNullable(reason);
  }

  /**
   * Who has approved.
   *
   * @return the second person, or empty
   */
  public Optional<Actor> approver() {
    return Optional.ofNullable(approver);
  }

  /**
   * Under which break-glass ticket.
   *
   * @return the ticket, or empty
   */
  public Optional<BreakGlassTicket> ticket() {
    return Optional.ofNullable(ticket);
  }

  @Override
  public String toString() {
    return "Circumstances(hidden)";
  }
}
