package org.openhipaa.testkit.database;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.ConcurrentLinkedDeque;
import javax.sql.DataSource;

/** Keeps connections open for the next who asks, and throws away those that broke. Thread-safe. */
public final class Pool implements AutoCloseable {
  private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();
  private final Connections connections;

  /** Opens a connection. */
  public interface Connections {
    /**
     * Opens a connection.
     *
     * @return a new one
     * @throws SQLException if there is none
     */
    Connection open() throws SQLException;
  }

  /**
   * An empty pool.
   *
   * @param source opens connections
   */
  public Pool(DataSource source) {
    this.connections = source::getConnection;
  }

  /**
   * A data source that has nothing but connections.
   *
   * @param connections opens them
   * @return the source
   */
  public static DataSource source(Connections connections) {
    return (DataSource) Proxy.newProxyInstance(
        Pool.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, args) -> {
          if (method.getName().equals("getConnection")) {
            return connections.open();
          }
          throw new UnsupportedOperationException(method.getName());
        });
  }

  /**
   * The pool as a data source.
   *
   * @return lends connections
   */
  public DataSource source() {
    return source(this::lend);
  }

  private Connection lend() throws SQLException {
    Connection pooled = idle.poll();
    Connection real = pooled == null ? connections.open() : pooled;
    return (Connection) Proxy.newProxyInstance(
        Pool.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, args) -> {
          if (method.getName().equals("close")) {
            giveBack(real);
            return null;
          }
          try {
            return method.invoke(real, args);
          } catch (InvocationTargetException e) {
            throw e.getCause();
          }
        });
  }

  private void giveBack(Connection real) throws SQLException {
    if (!real.isClosed()) {
      idle.push(real);
    }
  }

  @Override
  public void close() throws SQLException {
    for (Connection each = idle.poll(); each != null; each = idle.poll()) {
      each.close();
    }
  }
}
